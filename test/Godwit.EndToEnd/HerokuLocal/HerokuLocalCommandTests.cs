using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.HerokuLocal;

public sealed partial class HerokuLocalCommandTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-heroku-command-").FullName;

    public HerokuLocalCommandTests() => File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder, "data");

    public async ValueTask DisposeAsync()
    {
        await GodwitAsync("--stop");
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("^export HEROKU_HOST=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Host();

    [Fact]
    public async Task Detached_it_goes_on_until_it_is_stopped_and_never_prints_its_token()
    {
        var (code, started) = await GodwitAsync("--detach", "--provisioning-time", "100ms");
        Assert.Equal(0, code);
        var token = (await File.ReadAllTextAsync(Path.Combine(Data, "token"), Ct)).Trim();
        Assert.DoesNotContain(token, started, StringComparison.Ordinal);
        var (_, exports) = await GodwitAsync("--export");
        var url = Host().Match(exports).Groups[1].Value;
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var body = new StringContent("""{"name":"kept"}""");
        (await client.PostAsync("/apps", body, Ct)).EnsureSuccessStatusCode();

        Assert.Equal((0, "Stopped.\n"), await GodwitAsync("--stop"));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/account", Ct));
        Assert.Equal(1, (await GodwitAsync("--export")).Code);
        var (_, again) = await GodwitAsync("--detach", "--export");
        Assert.Equal(url, Host().Match(again).Groups[1].Value);
        Assert.Equal("kept",
            JsonNode.Parse(await client.GetStringAsync("/apps/kept", Ct))!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Killed_it_is_not_taken_for_a_running_one_and_can_be_started_again()
    {
        Assert.Equal(0, (await GodwitAsync("--detach")).Code);
        var note = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Data, "running.json"), Ct))!;
        using (var process = Process.GetProcessById(note["ProcessId"]!.GetValue<int>()))
            process.Kill();
        await LocalHeroku.UntilAsync(async () => (await GodwitAsync("--export")).Code == 1);

        Assert.Equal(0, (await GodwitAsync("--detach")).Code);

        Assert.Equal((0, "Stopped.\n"), await GodwitAsync("--stop"));
    }

    private async Task<(int Code, string Output)> GodwitAsync(params string[] arguments)
    {
        await using var process = new ProcessRunner(TimeProvider.System)
            .Start(new("dotnet", [GodwitProgram.Dll, "heroku-local", "--data", Data, .. arguments])
            {
                // A runtime that is killed leaves its sockets and pipes for debuggers in the temporary folder.
                Environment = new Dictionary<string, Secret?> { ["DOTNET_EnableDiagnostics"] = new("0") },
            });
        using var reader = new StreamReader(process.Output);
        var output = await reader.ReadToEndAsync(CancellationToken.None);
        return (await process.WaitAsync(CancellationToken.None), output);
    }
}
