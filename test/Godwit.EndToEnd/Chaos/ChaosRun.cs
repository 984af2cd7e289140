using System.Globalization;
using System.Text;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Npgsql;

namespace Godwit.EndToEnd.Chaos;

/// <summary>How a run ended.</summary>
/// <param name="IsProven">Cut over; otherwise everything is as before.</param>
/// <param name="Struck">What happened; null: it ended before the moment came.</param>
/// <param name="Rows">How many the application was told that they are kept.</param>
internal sealed record ChaosEnd(bool IsProven, string? Struck, int Rows, IReadOnlyList<Problem> Problems, string Told);

/// <summary>One run: drawn, struck, led to an end, judged.</summary>
internal sealed class ChaosRun(ChaosPlan plan, ChaosLane lane, SwiftServer swift)
{
    /// <summary>An operator who has tried as often calls for help. The first attempt may be struck too, and a trouble
    /// of Heroku's may outlast the second.</summary>
    private const int AttemptsMax = 5;

    /// <summary>A few megabytes that nobody can compress: dump and restore of them take a second or two.</summary>
    private const string Noise = """
        CREATE TABLE noise (id int PRIMARY KEY, digits text);
        ALTER TABLE noise ALTER digits SET STORAGE EXTERNAL;
        INSERT INTO noise SELECT n, (SELECT string_agg(md5(n::text || '/' || m), '') FROM generate_series(1, 200) m)
            FROM generate_series(1, 4000) n;
        """;

    private readonly StringBuilder _told = new();
    private readonly List<Problem> _problems = [];
    private string? _struck;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<ChaosEnd> RunAsync()
    {
        await using var rig = await GodwitRig.CreateAsync(
            null!, heroku: lane.Heroku, createApp: false, source: lane.Source,
            script: JourneySource.Small + Ledger.Table + (plan.IsSlow ? Noise : ""));
        await using var lines = new ChaosLines(plan, rig.Source.Port, swift.Port);
        rig.Environment["SOURCE_URL"] = new Secret(rig.SourceUrl.Reveal()
            .Replace($":{rig.Source.Port}/", $":{lines.Source.Port}/", StringComparison.Ordinal));
        // A process of seconds gains nothing from being measured for its next, better compilation.
        rig.Environment["DOTNET_TieredPGO"] = new Secret("0");
        var bucket = plan.HasBucket ? await swift.MakeBucketAsync(Ct) : null;
        if (bucket is not null)
            rig.UseBucket(bucket);
        var apps = new ChaosApps(rig, plan);
        await apps.MakeAsync();
        var application = await MakePastAsync(rig);
        var strikes = new Strikes(plan, rig, lines, Path.Combine(Path.GetDirectoryName(rig.Home)!, "clock"));
        if (plan.Strike == Strike.ClockJump)
            strikes.PrepareClock();
        var before = await Snapshot.TakeAsync(rig, apps, ChaosJudge.SourceOf(rig), before: null, Ct);
        var contents = await ChaosJudge.ContentsAsync(ChaosJudge.SourceOf(rig));
        await using var ledger = new Ledger(application, plan.HasLongTransactions);
        using var loose = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var leading = plan.IsLoose ? Task.Run(() => apps.LeadAsync(ledger, loose.Token)) : Task.CompletedTask;
        var judge = new ChaosJudge(rig, apps, plan, ledger, before, contents);
        var isProven = false;
        try
        {
            isProven = await MigrateAsync(rig, strikes, judge,
                ["migrate", "--from", "env:SOURCE_URL", "--to", apps.To,
                    .. plan.IsDirect ? (string[])["--route", "direct"] : ["--via", rig.Via],
                    "--i-have-a-backup", "--json", .. apps.Flags,
                    .. bucket is null ? [] : (string[])["--s3-endpoint", lines.Store.Endpoint]]);
            _problems.AddRange(isProven ? await judge.ProvenAsync() : await judge.AsBeforeAsync(plan.GoesBack
                && plan.Drops && rig.RunFolders.Count > 0));
            if (rig.RunFolders.Count > 0
                && (await TellAsync(rig.Start("cleanup", rig.RunId, "--yes"))).Code is not 0 and var code)
                _problems.Add(new(ProblemKind.Leftover, $"godwit cleanup ended with {code}"));
            _problems.AddRange(await judge.LeftoversAsync(swift, bucket));
            _problems.AddRange(await judge.SecretsAsync(_told.ToString()));
        }
        catch (Exception e)
        {
            // Whatever it was, what Godwit said until then tells more.
            _problems.Add(new(ProblemKind.Other, $"{e.GetType().Name}: {e.Message}"));
        }

        await loose.CancelAsync();
        await leading;
        await KeepJournalAsync(rig);
        await strikes.MendAsync();
        await apps.DeleteAsync();
        return new(isProven, _struck, ledger.AllAcknowledged.Count, _problems, _told.ToString());
    }

    /// <returns>Where the application connects.</returns>
    private async Task<string> MakePastAsync(GodwitRig rig)
    {
        var (database, password) = (rig.Database, GodwitRig.SecretMark + "-of-the-application");
        var app = database + "_app";
        await rig.Source.ExecuteAsync(database, $"""
            CREATE ROLE {app} LOGIN PASSWORD '{password}' CONNECTION LIMIT 20;
            CREATE ROLE {database}_reader NOLOGIN; GRANT {database}_reader TO {app};
            GRANT pg_signal_backend TO {database}; GRANT USAGE ON SCHEMA public TO {app};
            GRANT SELECT, INSERT, UPDATE ON ledger TO {app}; GRANT USAGE ON SEQUENCE ledger_id_seq TO {app};
            """ + plan.Past switch
        {
            ChaosPast.Settings => $"ALTER DATABASE {database} SET work_mem = '8MB'; "
                + $"ALTER DATABASE {database} SET \"app.odd\" = 'a \"quoted\" one, and ''another'''; "
                + $"ALTER ROLE {app} IN DATABASE {database} SET statement_timeout = '1min'; "
                + $"ALTER ROLE {database} SET lock_timeout = '7s';",
            ChaosPast.WritableSaid => $"ALTER DATABASE {database} SET default_transaction_read_only = off; "
                + $"ALTER DATABASE {database} SET work_mem = '8MB';",
            ChaosPast.ReadOnlySaid => $"ALTER DATABASE {database} SET default_transaction_read_only = on;",
            ChaosPast.Grants => $"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC; "
                + $"GRANT CONNECT ON DATABASE {database} TO {app}; "
                + $"GRANT CONNECT, CREATE ON DATABASE {database} TO {database}_reader WITH GRANT OPTION;",
            _ => "",
        }, Ct);
        var whose = plan.IsOwner ? rig.SourceConnection : rig.Source.ConnectionString(database, app,
            new Secret(password));
        return new NpgsqlConnectionStringBuilder(whose.Reveal())
        {
            ApplicationName = Ledger.Application, SslMode = SslMode.Disable, Timeout = 5,
        }.ConnectionString;
    }

    /// <returns>Whether it is proven and cut over; otherwise everything has to be as before.</returns>
    private async Task<bool> MigrateAsync(
        GodwitRig rig, Strikes strikes, ChaosJudge judge, IReadOnlyList<string> command)
    {
        var godwit = rig.Start(command);
        try
        {
            await godwit.EventAsync(plan.AtEnd ? "step_done" : "step_started", plan.Step);
            await Task.Delay(plan.Delay, Ct);
            _struck = await strikes.StrikeAsync(godwit);
        }
        catch (InvalidOperationException)
        {
            // It never came so far: another trouble than ours, or a step that this run has not.
        }

        Say($"strike: {_struck ?? "none"}");
        var end = await TellAsync(godwit, command);
        var lasts = plan.Lasts && end.Code != 0 && rig.RunFolders.Count > 0;
        if (!lasts)
        {
            await strikes.MendAsync();
            await JudgeClaimAsync(judge, end);
        }

        if (end.Code == 0 && (!plan.GoesBack || plan.Leaves))
            return true;
        if (end.Code == 0 && plan.Follows)
        {
            _problems.AddRange(await judge.FollowAsync());
            return await RefuseAsync(rig);
        }

        return rig.RunFolders.Count > 0 && await LeaveAsync(rig, judge, lasts ? strikes : null);
    }

    /// <summary>The target was written to since the cut-over: nobody may go back as if it had not been.</summary>
    private async Task<bool> RefuseAsync(GodwitRig rig)
    {
        IReadOnlyList<string> command = ["rollback", rig.RunId,
            "--json", .. plan.Drops ? ["--drop-target", "--confirm", rig.App] : (string[])[]];
        var end = await TellAsync(rig.Start(command), command);
        if (end.Code != 1 || !end.Everything.Contains("run.written_since", StringComparison.Ordinal))
            _problems.Add(new(ProblemKind.LostRow, $"a rollback after writes to the target ended with {end.Code}"));
        return end.Code != 0;
    }

    /// <param name="lasting">What is mended behind the first attempt; null: everything is well already.</param>
    private async Task<bool> LeaveAsync(GodwitRig rig, ChaosJudge judge, Strikes? lasting)
    {
        var (more, back) = (new List<string>(), plan.GoesBack);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            IReadOnlyList<string> command = back
                ? ["rollback", rig.RunId,
                    "--json", .. plan.Drops ? ["--drop-target", "--confirm", rig.App] : (string[])[]]
                : ["resume", rig.RunId, "--json", .. more];
            var godwit = rig.Start(command);
            if (attempt == 1 && plan.Second is { } second)
                await StrikeAgainAsync(godwit, second);
            var end = await TellAsync(godwit, command);
            if (attempt == 1 && lasting is not null)
                await lasting.MendAsync();
            if (end.Code == 0)
                return !back;
            // A rollback that is refused has changed nothing, and so not what it was to put back.
            if (!back)
                await JudgeClaimAsync(judge, end);
            // A loose application was on the target already: nobody goes back then, and forward is the only way.
            if (back && plan.IsLoose && end.Everything.Contains("run.written_since", StringComparison.Ordinal))
                back = false;
            if (end.Output.Contains("load.restore_warnings", StringComparison.Ordinal) && more.Count == 0)
                more.AddRange(["--accept", "load.restore_warnings"]);
        }

        throw new InvalidOperationException(
            $"{(plan.GoesBack ? "rollback" : "resume")} did not come to an end in {AttemptsMax} attempts");
    }

    private async Task StrikeAgainAsync(GodwitProcess godwit, Strike second)
    {
        await Task.WhenAny(Task.Delay(plan.SecondAfter, Ct), godwit.EndAsync());
        if (second == Strike.Kill)
            await godwit.KillAsync();
        else
            await Strikes.TermAsync(godwit);
        Say($"struck again: {second}");
    }

    /// <summary>Who says that everything was put back, or that nothing was changed, is taken at his word.</summary>
    private async Task JudgeClaimAsync(ChaosJudge judge, GodwitEnd end)
    {
        if (end.Code is 1 or 2 or 3)
            _problems.AddRange((await judge.PutBackAsync())
                .Select(one => one with { What = $"after exit code {end.Code}: {one.What}" }));
    }

    private async Task<GodwitEnd> TellAsync(GodwitProcess godwit, IReadOnlyList<string>? command = null)
    {
        var end = await godwit.EndAsync();
        Say($"$ godwit {string.Join(' ', command ?? ["cleanup"])}\n{end.Everything}");
        return end;
    }

    private void Say(string text) =>
        _told.Append(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {text}\n");

    /// <summary>For whoever looks for the cause; the folder itself is gone with the rig.</summary>
    private async Task KeepJournalAsync(GodwitRig rig)
    {
        if (_problems.Count == 0)
            return;
        foreach (var folder in rig.RunFolders)
            Say($"journal of {folder}:\n{await File.ReadAllTextAsync(Path.Combine(folder, "journal.jsonl"), Ct)}");
    }
}
