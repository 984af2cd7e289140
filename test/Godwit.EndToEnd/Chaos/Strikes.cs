using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Chaos;

/// <summary>Carries out what a plan drew. Every trouble but a death ends by itself or with
/// <see cref="ChaosLines.Mend"/>.</summary>
internal sealed class Strikes(ChaosPlan plan, GodwitRig rig, ChaosLines lines, string clockFile)
{
    private readonly Random _dice = plan.Draw("strike's size");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Variables under which a program reads a clock of its own, which jumps when the file is written again.
    /// Nothing but a preloaded library (Debian's faketime) can do that to a program that is not to know of it; of the
    /// monotonic clock, by which waits are measured, it keeps its hands off.</summary>
    public void PrepareClock()
    {
        var library = Directory.EnumerateDirectories("/usr/lib", "faketime", SearchOption.AllDirectories)
            .Select(folder => Path.Combine(folder, "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Debian's faketime is not installed; ./check does it");
        SetClock(TimeSpan.Zero);
        foreach (var (name, value) in new[]
        {
            ("LD_PRELOAD", library), ("FAKETIME_TIMESTAMP_FILE", clockFile), ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("DONT_FAKE_MONOTONIC", "1"),
        })
        {
            rig.Environment[name] = new Secret(value);
        }
    }

    /// <summary>Troubles that are over before the way out.</summary>
    public async Task MendAsync()
    {
        lines.Mend();
        foreach (var server in new[] { rig.Source, rig.Heroku.Cluster }.Where(one => !one.IsRunning))
            await server.StartAsync(Ct);
        rig.Heroku.ClearFaults();
        if (plan.Strike == Strike.ClockJump)
            SetClock(TimeSpan.Zero);
    }

    /// <returns>What happened, for people.</returns>
    public async Task<string> StrikeAsync(GodwitProcess godwit)
    {
        switch (plan.Strike)
        {
            case Strike.Kill:
                await godwit.KillAsync();
                return "kill -9";
            case Strike.Term:
                await TermAsync(godwit);
                return "SIGTERM";
            case Strike.SourceCut:
                return await CutSourceAsync();
            case Strike.SourceRestart:
                return await RestartAsync(rig.Source, "source");
            case Strike.TargetRestart:
                return await RestartAsync(rig.Heroku.Cluster, "target");
            case Strike.StoreErrors:
                var errors = _dice.Next(2, 40);
                lines.OrderStoreErrors(errors);
                return $"{errors.ToString(CultureInfo.InvariantCulture)} errors of the store";
            case Strike.StoreCut:
                lines.Store.Cut();
                if (plan.Lasts)
                    return "store away";
                return $"store away for {await WaitAsync(200, 4000)} ms{Then(lines.Store.Mend)}";
            case Strike.ClockJump:
                return JumpClock();
            case Strike.DiskFull:
                return await FillDiskAsync(godwit);
            default:
                return OrderAtHeroku();
        }
    }

    /// <summary>To one that has ended meanwhile, nothing happens.</summary>
    public static async Task TermAsync(GodwitProcess godwit)
    {
        await using var kill = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall("kill", ["-TERM", godwit.Id.ToString(CultureInfo.InvariantCulture)]));
        await kill.WaitAsync(Ct);
    }

    private static string Then(Action act)
    {
        act();
        return "";
    }

    private async Task<int> WaitAsync(int min, int max)
    {
        var wait = _dice.Next(min, max);
        await Task.Delay(wait, Ct);
        return wait;
    }

    private async Task<string> CutSourceAsync()
    {
        if (_dice.Next(2) == 0)
        {
            lines.Source.Cut();
            if (plan.Lasts)
                return "line to the source cut";
            return $"line to the source cut for {await WaitAsync(0, 3000)} ms{Then(lines.Source.Mend)}";
        }

        await rig.Source.ExecuteAsync("postgres",
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{rig.Database}' "
            + $"AND application_name <> '{Ledger.Application}'", Ct);
        return "sessions at the source ended";
    }

    private async Task<string> RestartAsync(LocalCluster server, string name)
    {
        await server.StopAsync(Ct);
        if (plan.Lasts)
            return $"{name} stopped";
        var wait = await WaitAsync(0, 1500);
        await server.StartAsync(Ct);
        return $"{name} restarted, away for {wait.ToString(CultureInfo.InvariantCulture)} ms and more";
    }

    private string OrderAtHeroku()
    {
        var order = FormattableString.Invariant(plan.Strike switch
        {
            Strike.HerokuBusy => (FormattableString)$"http:429,retry-after=1,count={_dice.Next(1, 5)}",
            Strike.HerokuErrors =>
                $"http:{(_dice.Next(2) == 0 ? 500 : 503)},count={_dice.Next(1, 8)}{PatchAlone()}",
            // Beyond a minute Godwit gives a request up.
            Strike.HerokuSlow => $"http:slow={(_dice.Next(12) == 0 ? 62 : _dice.Next(1, 4))}s,count={_dice.Next(1, 3)}",
            Strike.HerokuCut => $"http:cut,count={_dice.Next(1, 8)}",
            Strike.RestoreFails => $"restore:fails-after={_dice.Next(0, 800)}ms,count=1",
            Strike.RestoreWarns => $"restore:warnings={_dice.Next(1, 4)},count=1",
            Strike.RestoreSlow => $"restore:slow={_dice.Next(500, 4000)}ms,count=1",
            Strike.RestoreCut => $"restore:cut-after={_dice.Next(0, 500)}ms,count=1",
            _ => throw new InvalidOperationException($"no order for {plan.Strike}"),
        });
        rig.Heroku.AddFault(order);
        return order;
    }

    private string PatchAlone() => _dice.Next(3) == 0 ? ",method=PATCH" : "";

    private string JumpClock()
    {
        var jump = TimeSpan.FromSeconds(
            _dice.Next(6) switch { 0 => 600, 1 => -600, 2 => 7200, 3 => -7200, 4 => 86400 * 30, _ => 40 });
        SetClock(jump);
        return $"clock moved by {jump}";
    }

    private void SetClock(TimeSpan ahead) =>
        File.WriteAllText(clockFile, ahead.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");

    /// <summary>A limit on the size of files, which the kernel keeps as a full disk would: what is written fails, in
    /// the middle of a line if need be. A real disk cannot be filled for a test without harm to its
    /// neighbours.</summary>
    private async Task<string> FillDiskAsync(GodwitProcess godwit)
    {
        var journal = rig.RunFolders.Count > 0 ? new FileInfo(Path.Combine(rig.RunFolders[0], "journal.jsonl")) : null;
        var left = _dice.Next(0, 700);
        var size = (journal is { Exists: true } ? journal.Length : 0) + left;
        await using var limit = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("prlimit",
            ["--pid", godwit.Id.ToString(CultureInfo.InvariantCulture),
                $"--fsize={size.ToString(CultureInfo.InvariantCulture)}"]));
        await limit.WaitAsync(Ct);
        return $"no file beyond {size.ToString(CultureInfo.InvariantCulture)} bytes";
    }
}
