using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Dump;

/// <summary>A source to dump, a folder for what comes of it, and a temporary folder of the command's own that must be
/// empty again.</summary>
internal sealed class DumpRig : IAsyncDisposable
{
    private static readonly TimeSpan SessionsEndMax = TimeSpan.FromSeconds(10);

    private readonly GodwitRig _rig;
    private readonly List<string> _restored = [];

    private DumpRig(GodwitRig rig)
    {
        _rig = rig;
        Folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(rig.StoreFolder)!, "out")).FullName;
        Temporary = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(rig.StoreFolder)!, "tmp")).FullName;
        rig.Environment["TMPDIR"] = new(Temporary);
        // The runtime keeps sockets for debuggers there otherwise, until it ends.
        rig.Environment["DOTNET_EnableDiagnostics"] = new("0");
    }

    public static string PgRestore => new PgTools(Environment.GetEnvironmentVariable).Newest("pg_restore");

    /// <summary>For dumps; empty at first.</summary>
    public string Folder { get; }

    public string Temporary { get; }

    public GodwitRig Journey => _rig;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<DumpRig> CreateAsync(
        JourneyServers servers, SourceContents contents = SourceContents.Small) =>
        new(await GodwitRig.CreateAsync(servers, contents, createApp: false));

    public string FileOf(string name) => Path.Combine(Folder, name);

    public Task<GodwitEnd> DumpAsync(string to, params IReadOnlyList<string> more) => Start(to, more).EndAsync();

    public GodwitProcess Start(string to, params IReadOnlyList<string> more) =>
        _rig.Start(["dump", "--from", "env:SOURCE_URL", "--to", to, .. more]);

    public void UseBuckets(string endpoint)
    {
        _rig.Environment["AWS_ENDPOINT_URL_S3"] = new(endpoint);
        _rig.Environment["AWS_ACCESS_KEY_ID"] = new(SwiftServer.Keys.Id);
        _rig.Environment["AWS_SECRET_ACCESS_KEY"] = SwiftServer.Keys.Key;
    }

    /// <summary>From here on every call of pg_dump is written down.</summary>
    /// <returns>The file with a line of arguments for each call.</returns>
    public async Task<string> ListenToPgDumpAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(Folder)!, "listening")).FullName;
        var (calls, wrapper) = (Path.Combine(folder, "calls"), Path.Combine(folder, "pg_dump"));
        var real = new PgTools(Environment.GetEnvironmentVariable).Newest("pg_dump");
        await File.WriteAllTextAsync(wrapper,
            $"#!/bin/sh\nprintf '%s ' \"$@\" >> {calls}\necho >> {calls}\nexec {real} \"$@\"\n", Ct);
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _rig.Environment[$"GODWIT_PG_BIN_{_rig.Source.Major.ToString(CultureInfo.InvariantCulture)}"] = new(folder);
        return calls;
    }

    /// <summary>Runs a line of shell in which <c>godwit</c> is the binary, and <c>$PLAIN_URL</c> the source for other
    /// programs: without its password, because another test looks at what every process was given.</summary>
    public async Task<GodwitEnd> ShellAsync(string line)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Godwit.App.dll");
        await using var shell = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall("bash", ["-c", $"godwit() {{ dotnet '{program}' \"$@\"; }}; cd '{Folder}'; {line}"])
            {
                Environment = new Dictionary<string, Secret?>(_rig.Environment)
                {
                    ["GODWIT_HOME"] = new(_rig.Home), ["PLAIN_URL"] = Plain(_rig.Environment["SOURCE_URL"]!),
                    ["PGPASSWORD"] = _rig.SourcePassword,
                },
            });
        using var reader = new StreamReader(shell.Output, leaveOpen: true);
        var output = await reader.ReadToEndAsync(Ct);
        return new GodwitEnd(await shell.WaitAsync(Ct), output, shell.ErrorTail);
    }

    /// <summary>An empty database to restore into.</summary>
    /// <returns>Its URL for libpq's programs, without the password, which is <see cref="GodwitRig.SourcePassword"/>:
    /// another test looks at what every process was given.</returns>
    public async Task<Secret> EmptyDatabaseAsync()
    {
        var name = $"{_rig.Database}_restored_{_restored.Count.ToString(CultureInfo.InvariantCulture)}";
        await _rig.Source.ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {_rig.Database}", Ct);
        _restored.Add(name);
        return Plain(_rig.Source.Url(name, _rig.Database, _rig.SourcePassword));
    }

    /// <summary>Restores it with stock pg_restore into a new database; every table is the source's then, row by
    /// row.</summary>
    public async Task AssertRestoresAsync(string archive, params IReadOnlyList<string> options)
    {
        var url = await EmptyDatabaseAsync();
        await using var restore = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("bash",
            ["-c", "exec \"$0\" --dbname=\"$TARGET_URL\" --exit-on-error \"$@\"", PgRestore, .. options, archive])
        {
            Environment =
                new Dictionary<string, Secret?> { ["TARGET_URL"] = url, ["PGPASSWORD"] = _rig.SourcePassword },
        });
        var code = await restore.WaitAsync(Ct);
        Assert.True(code == 0, restore.ErrorTail);
        await AssertRestoredAsync();
    }

    /// <summary>Of the last <see cref="EmptyDatabaseAsync"/>.</summary>
    public async Task AssertRestoredAsync() => Assert.Equal(
        await JourneySource.ContentsAsync(_rig.SourceConnection.Reveal(), Ct),
        await JourneySource.ContentsAsync(
            _rig.Source.ConnectionString(_restored[^1], _rig.Database, _rig.SourcePassword).Reveal(), Ct));

    /// <summary>After a dump that failed: no file, no session at the source, nothing in the temporary folder, no
    /// run.</summary>
    public async Task AssertNothingIsLeftAsync()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
        Assert.Empty(_rig.RunFolders);
        // A session ends a moment after its connection.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(SessionsEndMax);
        while (await SessionsAsync() is { Length: > 0 } sessions)
        {
            if (limit.IsCancellationRequested)
                Assert.Fail("sessions at the source: " + sessions);
            await Task.Delay(50, Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _restored)
            await _rig.Source.ExecuteAsync("postgres", $"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None);
        await _rig.DisposeAsync();
    }

    private Secret Plain(Secret url) =>
        new(url.Reveal().Replace($":{_rig.SourcePassword.Reveal()}@", "@", StringComparison.Ordinal));

    private async Task<string> SessionsAsync() => await _rig.Source.ScalarAsync<string>("postgres",
        "SELECT coalesce(string_agg(application_name || ': ' || state || ': ' || query, ', '), '') "
        + $"FROM pg_stat_activity WHERE datname = '{_rig.Database}' AND backend_type = 'client backend'", Ct) ?? "";
}
