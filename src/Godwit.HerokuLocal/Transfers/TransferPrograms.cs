using System.Globalization;
using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.HerokuLocal.Transfers;

/// <summary>Runs the real pg_dump and pg_restore. Passwords are passed in the environment only.</summary>
internal sealed partial class TransferPrograms(IProcessRunner runner, PgTools tools, TimeProvider clock)
{
    /// <summary>Of a transfer's sessions in pg_stat_activity.</summary>
    public const string ApplicationName = "heroku-pgbackups";

    // For progress: more often than the CLI's three seconds.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    // pg_restore's last line when it skipped errors; without it, the failure ended the restore.
    [GeneratedRegex(@"errors ignored on restore: (?<n>[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex IgnoredErrors();

    // pg_restore also continues after a lost connection, and counts all that is left as one ignored error.
    private static readonly string[] LostConnection =
        ["no connection to the server", "server closed the connection unexpectedly", "terminating connection due to"];

    /// <param name="progress">Gets the bytes written to the archive.</param>
    public async Task DumpAsync(
        string url, string archive, Action<string> log, Action<long> progress, CancellationToken ct)
    {
        var call = new ProgramCall(tools.Newest("pg_dump"),
            ["--format=custom", "--verbose", "--file", archive, "--dbname", LibpqTarget.Of(url).ConnectionInfo])
        {
            Environment = LibpqTarget.Of(url).Environment,
        };
        var (code, _) = await RunAsync(call, log,
            _ => progress(File.Exists(archive) ? new FileInfo(archive).Length : 0), ct);
        if (code != 0)
            throw new TransferException("pg_dump failed");
    }

    /// <summary>Returns how many errors pg_restore skipped.</summary>
    /// <param name="progress">Gets its position in the archive.</param>
    public async Task<int> RestoreAsync(
        string url, string archive, Action<string> log, Action<long> progress, CancellationToken ct)
    {
        var target = LibpqTarget.Of(url);
        string[] arguments = ["--verbose", "--no-owner", "--no-acl", "--dbname", target.ConnectionInfo, archive];
        var call = new ProgramCall(tools.Newest("pg_restore"), arguments) { Environment = target.Environment };
        var (code, ignored) = await RunAsync(call, log, id => progress(PositionIn(id, archive)), ct);
        if (code != 0 && ignored == 0)
            throw new TransferException("pg_restore failed");
        return ignored;
    }

    private async Task<(int Code, int Ignored)> RunAsync(
        ProgramCall call, Action<string> log, Action<int> look, CancellationToken ct)
    {
        var ignored = 0;
        var isLost = false;
        await using var process = runner.Start(call);
        process.OnErrorLine = line =>
        {
            log(line);
            isLost |= LostConnection.Any(sign => line.Contains(sign, StringComparison.Ordinal));
            if (IgnoredErrors().Match(line) is { Success: true } match)
                ignored = int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
        };
        var drained = process.Output.CopyToAsync(Stream.Null, ct);
        var ended = process.WaitAsync(ct);
        while (!ended.IsCompleted && !ct.IsCancellationRequested)
        {
            look(process.Id);
            await Task.WhenAny(ended, Task.Delay(LookEvery, clock, ct));
        }

        var code = await ended;
        await drained;
        return isLost ? throw new TransferException("The connection to the database was lost") : (code, ignored);
    }

    // The program's position in the file, from the kernel. 0 before the file is opened and after the program's end.
    // https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html
    private static long PositionIn(int processId, string file)
    {
        try
        {
            foreach (var descriptor in new DirectoryInfo(FormattableString.Invariant($"/proc/{processId}/fd"))
                .EnumerateFileSystemInfos())
            {
                if (descriptor.LinkTarget != file)
                    continue;
                var position =
                    File.ReadLines(FormattableString.Invariant($"/proc/{processId}/fdinfo/{descriptor.Name}")).First();
                return long.Parse(position.AsSpan("pos:".Length).Trim(), CultureInfo.InvariantCulture);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The program ended meanwhile.
        }

        return 0;
    }
}
