using System.Net.Http.Headers;
using System.Text.Json;
using Godwit.Faults;
using Godwit.HerokuLocal.Cluster;

namespace Godwit.HerokuLocal;

/// <summary>A local Heroku, seen from another process.</summary>
/// <param name="TokenFile">Null: the token is in no file.</param>
public sealed record RunningHerokuLocal(int ProcessId, string Url, string? TokenFile)
{
    // Time to end programs and write a checkpoint; a loaded machine may need most of it.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Null: none runs. Removes the file of a killed server. The lock decides, not the process id, which may
    /// now belong to another program or to a zombie.</summary>
    public static RunningHerokuLocal? Find(string folder)
    {
        var files = new LocalFiles(folder);
        try
        {
            var found = JsonSerializer.Deserialize<RunningHerokuLocal>(File.ReadAllText(files.Running));
            if (new ClusterFiles(files.Cluster).IsLocked)
                return found;
            File.Delete(files.Running);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Asks the server to end in order, and waits for its end.</summary>
    public async Task StopAsync(string folder, TimeProvider clock, CancellationToken ct)
    {
        if (TokenFile is null || !File.Exists(TokenFile))
            throw new FaultException(HerokuLocalFaults.CannotAsk(ProcessId, "its token is not kept in a file"));
        try
        {
            using var direct = new SocketsHttpHandler { UseProxy = false };
            using var client = new HttpClient(direct) { Timeout = StopMax };
            using var request = new HttpRequestMessage(HttpMethod.Post, Url + Http.Gate.StopPath);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer",
                (await File.ReadAllTextAsync(TokenFile, ct)).Trim());
            using var answer = await client.SendAsync(request, ct);
            answer.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e)
        {
            throw new FaultException(HerokuLocalFaults.CannotAsk(ProcessId, e.Message), e);
        }

        for (var since =
            clock.GetUtcNow(); Find(folder)?.ProcessId == ProcessId; await Task.Delay(LookEvery, clock, ct))
        {
            if (clock.GetUtcNow() - since > StopMax)
                throw new FaultException(HerokuLocalFaults.CannotAsk(ProcessId,
                    $"it did not end within {StopMax.TotalSeconds:0} s"));
        }
    }
}
