using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary>No password, token or signature can be read by others: not in files, not in output, not in what every user
/// sees of a process.</summary>
public sealed class SecretsTests(JourneyServers servers, SwiftServer swift, AzuriteServer azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_leaves_no_secret_anywhere(bool throughBucket)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.StartsProgram = true;
        if (throughBucket)
        {
            rig.UseBucket(await swift.MakeBucketAsync(Ct));
            // Named by its host, so that the keys come from S3_… variables. Other tests use the AWS variables.
            rig.UseService(swift.Endpoint);
        }

        // Only a superuser may set this, and the value is the application's secret.
        await rig.Source.ExecuteAsync("postgres",
            $"ALTER DATABASE {rig.Database} SET app.jwt_secret = '{GodwitRig.SecretMark}-of-the-application'", Ct);
        using var processes = new ProcessWatch();
        var told = new StringBuilder();
        told.Append((await rig.RunAsync([.. rig.Migrate, .. throughBucket ? ["--json"] : (string[])[]]))
            .Expect(0).Everything);
        foreach (string[] command in new[]
        {
            ["status"], ["status", rig.RunId], ["status", "--json"], ["resume", rig.RunId],
            (string[])["migrate", "--help"],
        })
            told.Append((await rig.RunAsync(command)).Expect(0).Everything);
        foreach (var form in new[] { "--all", "--json", "--csv", "--apply" })
            told.Append((await rig.RunAsync("settings", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App, form))
                .Expect(0).Says("app.jwt_secret").Everything);
        told.Append((await rig.RunAsync("rollback", rig.RunId, "--confirm", rig.App)).Expect(0).Everything);
        rig.Environment["TARGET_URL"] = await rig.OtherSourceAsync();
        told.Append((await rig.RunAsync("migrate", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL",
            "--i-have-a-backup", "--json", "--accept-command", "env")).Expect(0).Everything);
        told.Append((await rig.RunAsync("rollback", rig.RunId)).Expect(0).Everything);

        var seen = await processes.EndAsync();
        // The watch proves something only if it saw these processes.
        Assert.Contains(rig.App, seen, StringComparison.Ordinal);
        Assert.Contains("--format=custom", seen, StringComparison.Ordinal);
        told.Append(seen);
        await AssertNoSecretAsync(rig, told.ToString());
    }

    /// <summary>Only the requested file may contain a password. The output of a command that prints all it knows is
    /// masked.</summary>
    [Fact]
    public async Task A_cut_over_to_other_apps_and_files_leaves_no_secret_anywhere_else()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.StartsProgram = true;
        var old = $"postgres://u:{GodwitRig.SecretMark}-of-the-old-one@old.example.com/shop";
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{rig.App}/config-vars",
            new JsonObject { ["DATABASE_URL"] = old, ["OTHER_DB"] = old });
        var file = Path.Combine(rig.StoreFolder + "-files", ".pgpass");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var processes = new ProcessWatch();
        var told = new StringBuilder();
        told.Append((await rig.RunAsync([.. rig.Migrate, "--accept-command", "env; exit 9",
            "--set-config", rig.App + ":OTHER_DB", "--env-file", file]))
            .Expect(3).Says("cutover.not_accepted").Says("DATABASE_URL=***").Everything);
        await rig.AssertEverythingIsAsBeforeAsync();
        var resumed = rig.Start("resume", "--accept-command", "env", "--json");
        await resumed.LineAsync(line => line.Contains($"OTHER_DB of {rig.App}", StringComparison.Ordinal)
            && line.Contains("state_changed", StringComparison.Ordinal));
        await resumed.KillAsync();
        told.Append((await resumed.EndAsync()).Everything);
        told.Append((await rig.RunAsync("resume", "--json")).Expect(0).Everything);
        var password = new NpgsqlConnectionStringBuilder(await rig.TargetConnectionAsync()).Password!;
        Assert.Contains(password, await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
        told.Append((await rig.RunAsync("rollback", rig.RunId, "--confirm", rig.App)).Expect(0).Everything);
        told.Append((await rig.RunAsync("status", "--json")).Expect(0).Everything);
        told.Append(await processes.EndAsync());

        Assert.Equal((old, old), (await rig.ConfigVarAsync("DATABASE_URL"), await rig.ConfigVarAsync("OTHER_DB")));
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(file)!));
        await AssertNoSecretAsync(rig, told.ToString(), new Secret(password), new Secret(old));
    }

    [Fact]
    public async Task Runs_through_Google_leave_no_key_no_token_and_no_link_anywhere()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.StartsProgram = true;
        await using var google = await GcsFace.StartAsync(swift, Ct);
        var bucket = await swift.MakeBucketAsync(Ct);
        rig.Via = $"gs://{bucket}/dumps";
        var told = new StringBuilder();
        using var processes = new ProcessWatch();
        // Swift does not know this key, and says so.
        rig.Environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE"] = new(swift.Endpoint);
        rig.Environment["GS_ACCESS_KEY_ID"] = new("GOOG1EXAMPLE");
        rig.Environment["GS_SECRET_ACCESS_KEY"] = new(GodwitRig.SecretMark + "-of-an-hmac-key");
        told.Append((await rig.RunAsync(rig.Migrate)).Expect(1).Everything);
        rig.Environment["GS_ACCESS_KEY_ID"] = rig.Environment["GS_SECRET_ACCESS_KEY"] = null;
        rig.Environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE"] = new(google.Endpoint);
        rig.Environment["GOOGLE_APPLICATION_CREDENTIALS"] = new(google.Account.KeyFile);
        told.Append((await rig.RunAsync([.. rig.Migrate, "--json"])).Expect(0).Everything);
        told.Append((await rig.RunAsync("status", "--json")).Expect(0).Everything);
        told.Append(await processes.EndAsync());

        Assert.True(google.Account.Granted > 0, "no token was ever asked for");
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
        await AssertNoSecretAsync(rig, told.ToString(),
            [.. google.Account.Tokens.Concat(google.Account.KeyLines).Select(one => new Secret(one))]);
    }

    [Fact]
    public async Task Failing_runs_leave_no_secret_anywhere()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow);
        rig.StartsProgram = true;
        var told = new StringBuilder();
        using var processes = new ProcessWatch();
        var wrong = new Secret(GodwitRig.SecretMark + "-wrong/p@ss");
        rig.Environment["SOURCE_URL"] = rig.Source.Url(rig.Database, rig.Database, wrong);
        told.Append((await rig.RunAsync(rig.Migrate)).Expect(1).Says("postgres.wrong_password").Everything);
        // A URL that cannot be parsed is reported, but not printed.
        rig.Environment["SOURCE_URL"] = new(rig.Environment["SOURCE_URL"]!.Reveal()
            .Replace("postgres://", "postgress://", StringComparison.Ordinal));
        told.Append((await rig.RunAsync(rig.Migrate)).Expect(2).Everything);
        rig.Environment["SOURCE_URL"] = rig.SourceUrl;
        var interrupted = rig.Start([.. rig.Migrate, "--json"]);
        await interrupted.EventAsync("bytes_moved", "restore");
        await interrupted.SignalAsync("TERM");
        told.Append((await interrupted.EndAsync()).Expect(3).Everything);
        rig.Environment["HEROKU_API_KEY"] = wrong;
        told.Append((await rig.RunAsync("resume")).Everything);
        told.Append((await rig.RunAsync("status", "--json")).Expect(0).Everything);

        told.Append(await processes.EndAsync());
        await AssertNoSecretAsync(rig, told.ToString(), wrong, new(Uri.EscapeDataString(wrong.Reveal())));
    }

    [Fact]
    public async Task Runs_through_Azure_leave_no_key_no_SAS_and_no_link_anywhere()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.StartsProgram = true;
        var container = await azurite.MakeContainerAsync(Ct);
        rig.Via = $"azblob://{AzuriteServer.Account}/{container}/dumps";
        var told = new StringBuilder();
        using var processes = new ProcessWatch();
        // A SAS is not enough for a link. Another account's key is refused. A key in a connection string is enough for
        // everything.
        var sas = AzuriteServer.ServiceSas(container, "racwdl");
        rig.Environment["AZURE_STORAGE_SAS_TOKEN"] = sas;
        told.Append((await rig.RunAsync([.. rig.Migrate, "--azure-endpoint", azurite.Endpoint]))
            .Expect(1).Says("storage.azure_link_needs_key").Everything);
        var wrong = new Secret(Convert.ToBase64String("s3cr3t of somebody else"u8));
        rig.Environment["AZURE_STORAGE_KEY"] = wrong;
        told.Append((await rig.RunAsync([.. rig.Migrate, "--azure-endpoint", azurite.Endpoint]))
            .Expect(1).Says("storage.azure_credentials_refused").Everything);
        rig.Environment["AZURE_STORAGE_CONNECTION_STRING"] =
            new($"AccountName={AzuriteServer.Account};AccountKey={AzuriteServer.Key.Reveal()};"
                + $"BlobEndpoint={azurite.Endpoint}");
        told.Append((await rig.RunAsync([.. rig.Migrate, "--json"])).Expect(0).Everything);
        told.Append((await rig.RunAsync("status", "--json")).Expect(0).Everything);
        told.Append((await rig.RunAsync("resume", rig.RunId)).Expect(0).Everything);
        told.Append(await processes.EndAsync());

        Assert.Empty(await azurite.KeptAsync(container, Ct));
        await AssertNoSecretAsync(rig, told.ToString(), AzuriteServer.Key, wrong, sas,
            new(Regex.Match(sas.Reveal(), "(?<=sig=).+").Value));
    }

    private static async Task AssertNoSecretAsync(GodwitRig rig, string told, params Secret[] more)
    {
        var secrets = new List<(string Name, string Value)>
        {
            ("the source's password", rig.SourcePassword.Reveal()),
            ("a part of a password", GodwitRig.SecretMark),
            ("Heroku's token", rig.Heroku.Token.Reveal()),
            ("the bucket's key", SwiftServer.Keys.Key.Reveal()),
        };
        secrets.AddRange(more.Select(one => ("what a test made", one.Reveal())));
        if (await rig.ConfigVarAsync("DATABASE_URL") is { } url
            && !url.Contains(GodwitRig.SecretMark, StringComparison.Ordinal))
            secrets.Add(("the target's password",
                new NpgsqlConnectionStringBuilder(HerokuLocal.LocalHeroku.Connection(url)).Password!));
        var transfers = (await rig.GetAsync($"/client/v11/apps/{rig.App}/transfers")).AsArray();
        foreach (var link in transfers.Select(one => one!["from_url"]!.GetValue<string>()))
            secrets.Add(("a link's signature", Regex.Match(link, "(?<=(ignature|[?&]sig)=)[^&]+").Value));
        Assert.Contains(secrets, one => one.Name == "a link's signature" && one.Value.Length > 20);

        var files = Directory.EnumerateFiles(rig.Home, "*", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, file => file.EndsWith("journal.jsonl", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("report.html", StringComparison.Ordinal));
        foreach (var (name, value) in secrets)
        {
            Assert.False(told.Contains(value, StringComparison.Ordinal),
                $"{name} was printed, or seen in the process list: {Around(told, value)}");
            foreach (var file in files)
                Assert.False((await File.ReadAllTextAsync(file, Ct)).Contains(value, StringComparison.Ordinal),
                    $"{name} is in {file}");
        }
    }

    private static string Around(string text, string value)
    {
        var at = Math.Max(0, text.IndexOf(value, StringComparison.Ordinal));
        return text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 50)];
    }

    /// <summary>Polls what every user of the machine can see of all processes. Keeps only what concerns the
    /// tests.</summary>
    private sealed class ProcessWatch : IDisposable
    {
        private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

        private readonly CancellationTokenSource _end = new();
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private readonly Task _watching;

        public ProcessWatch() => _watching = Task.Run(WatchAsync);

        public async Task<string> EndAsync()
        {
            await _end.CancelAsync();
            await _watching;
            return string.Join('\n', _seen);
        }

        public void Dispose() => _end.Dispose();

        private async Task WatchAsync()
        {
            while (!_end.IsCancellationRequested)
            {
                foreach (var folder in Directory.EnumerateDirectories("/proc"))
                {
                    if (char.IsAsciiDigit(Path.GetFileName(folder)[0]))
                        Look(Path.Combine(folder, "cmdline"));
                }

                await Task.Delay(Every, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private void Look(string file)
        {
            try
            {
                _seen.Add(File.ReadAllText(file).Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process has ended.
            }
        }
    }
}
