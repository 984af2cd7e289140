// Cluster: one PostgreSQL cluster in its own folder, on loopback.
//
// It holds the databases of heroku-local, the demo's source, and those of the end-to-end tests. pg_ctl starts the
// server, which keeps running if we are killed. Opening the folder again stops that server first, so there is never a
// second postmaster. It knows no apps and no add-ons.
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.HerokuLocal.Cluster;

/// <summary>Runs initdb, pg_ctl and chown, as a user that PostgreSQL accepts.</summary>
internal sealed class PgControl(IProcessRunner runner, string binFolder, ClusterFiles files)
{
    /// <summary>PostgreSQL refuses to run as root; Debian's package creates this user.</summary>
    public const string ServerUser = "postgres";

    // Recovery after a kill reads the WAL since the last checkpoint; a rehearsal's takes much less.
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(120);

    // initdb takes half a second; a loaded machine may need longer.
    private static readonly TimeSpan OtherMax = TimeSpan.FromSeconds(60);

    // pg_ctl's exit code: no server runs on this folder.
    private const int NotRunning = 3;

    public static bool AreWeRoot => Environment.UserName == "root";

    public async Task GiveFilesToServerAsync(CancellationToken ct)
    {
        if (AreWeRoot)
            await MustAsync(new("chown", ["-R", $"{ServerUser}:", files.Folder]), OtherMax, ct);
    }

    /// <param name="durable">False: does not wait until the thousand new files are on disk.</param>
    public Task InitAsync(string passwordFile, bool durable, CancellationToken ct) =>
        MustAsync(Call("initdb", ["-D", files.Data, "-U", ServerUser, "--pwfile", passwordFile, "-A", "scram-sha-256",
            "-E", "UTF8", "--locale=C.UTF-8", .. durable ? (string[])[] : ["--no-sync"]]), OtherMax, ct);

    /// <summary>False: the port is taken; other failures are faults.</summary>
    public async Task<bool> StartAsync(CancellationToken ct)
    {
        var logBefore = files.LogLength;
        var seconds = StartMax.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        var (code, errors) = await RunAsync(
            Call("pg_ctl", "start", "-D", files.Data, "-l", files.Log, "-w", "-t", seconds, "-s"),
            StartMax + OtherMax, ct);
        if (code == 0)
            return true;
        var log = files.LogSince(logBefore);
        if (log.Contains("could not bind", StringComparison.Ordinal))
            return false;
        throw new FaultException(HerokuLocalFaults.ProgramFailed("pg_ctl", Redactor.Clean($"{errors}\n{log}".Trim())));
    }

    /// <param name="mode"><c>fast</c> writes a checkpoint; <c>immediate</c> leaves recovery to the next start.</param>
    public async Task StopAsync(string mode, CancellationToken ct)
    {
        if (await IsRunningAsync(ct))
            await MustAsync(Call("pg_ctl", "stop", "-D", files.Data, "-m", mode, "-w", "-t", "50", "-s"), OtherMax, ct);
    }

    public async Task<bool> IsRunningAsync(CancellationToken ct)
    {
        files.ForgetDeadPostmaster();
        if (!File.Exists(files.PidFile))
            return false;
        var (code, errors) = await RunAsync(Call("pg_ctl", "status", "-D", files.Data), OtherMax, ct);
        return code switch
        {
            0 => true,
            NotRunning => false,
            _ => throw new FaultException(HerokuLocalFaults.ProgramFailed("pg_ctl", errors)),
        };
    }

    private ProgramCall Call(string program, params string[] arguments) =>
        new(Path.Combine(binFolder, program), arguments)
        {
            AsUser = ServerUser,
            WorkingDirectory = files.Folder,
            // The caller's libpq settings must not affect this server, nor its language the log that we read.
            Environment = new Dictionary<string, Secret?>
            {
                ["PGDATA"] = null, ["PGPORT"] = null, ["PGHOST"] = null, ["PGUSER"] = null, ["PGPASSWORD"] = null,
                ["PGOPTIONS"] = null,
                ["LC_ALL"] = Secret.Plain("C"),
            },
        };

    private async Task MustAsync(ProgramCall call, TimeSpan limit, CancellationToken ct)
    {
        var (code, errors) = await RunAsync(call, limit, ct);
        if (code != 0)
            throw new FaultException(HerokuLocalFaults.ProgramFailed(Path.GetFileName(call.Program), errors));
    }

    private async Task<(int Code, string Errors)> RunAsync(ProgramCall call, TimeSpan limit, CancellationToken ct)
    {
        using var bounded = new TimeLimit(limit, runner.Clock, ct);
        try
        {
            await using var process = runner.Start(call);
            await process.Output.CopyToAsync(Stream.Null, bounded.Token);
            var code = await process.WaitAsync(bounded.Token);
            return (code, process.ErrorTail);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new FaultException(HerokuLocalFaults.ProgramHung(Path.GetFileName(call.Program), limit));
        }
    }
}
