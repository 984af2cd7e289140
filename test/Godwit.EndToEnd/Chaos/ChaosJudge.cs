using System.Text.RegularExpressions;
using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Npgsql;

namespace Godwit.EndToEnd.Chaos;

internal enum ProblemKind
{
    LostRow,
    Leftover,
    Other,
}

/// <summary>Something that is not as a run must leave it.</summary>
internal sealed record Problem(ProblemKind Kind, string What);

/// <summary>Looks at the world after a run, without Godwit's help, and says everything that is wrong with it.</summary>
internal sealed class ChaosJudge(
    GodwitRig rig, ChaosApps apps, ChaosPlan plan, Ledger ledger, Snapshot before, IReadOnlyList<string> contents)
{
    private const string OfLedger = "ledger";
    private const string OfLedgersSequence = "public.ledger_id_seq";
    private const string ReadOnly = "default_transaction_read_only";

    /// <summary>A server notices within moments that a session's other end has died.</summary>
    private static readonly TimeSpan SessionsMax = TimeSpan.FromSeconds(15);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Source => SourceOf(rig);

    public static string SourceOf(GodwitRig rig) => rig.Source.SuperConnectionString(rig.Database).Reveal();

    /// <summary>All that stands still while the application writes.</summary>
    public static async Task<IReadOnlyList<string>> ContentsAsync(string where) =>
        [.. (await JourneySource.ContentsAsync(where, Ct)).Where(line => !line.StartsWith(OfLedger,
            StringComparison.Ordinal) && !line.StartsWith(OfLedgersSequence, StringComparison.Ordinal))];

    /// <summary>Source and apps have the settings, grants and sizes from before.</summary>
    /// <param name="dropped">Also what was made at Heroku is gone.</param>
    public async Task<IReadOnlyList<Problem>> PutBackAsync(bool dropped = false)
    {
        var now = await Snapshot.TakeAsync(rig, apps, Source, dropped ? null : before, Ct);
        return [.. Differences("source", before.Source, now.Source), .. Differences("app", before.App, now.App),
            .. File.Exists(apps.EnvFile) ? [new Problem(ProblemKind.Leftover,
                "the env file is there")] : (IEnumerable<Problem>)[]];
    }

    /// <summary>As if there had been no run.</summary>
    public async Task<IReadOnlyList<Problem>> AsBeforeAsync(bool dropped)
    {
        var problems = new List<Problem>(await PutBackAsync(dropped));
        problems.AddRange(Differences("contents of the source", contents, await ContentsAsync(Source)));
        if (await ledger.CanWriteAsync(ledger.Source, Ct) == (plan.Past == ChaosPast.ReadOnlySaid))
            problems.Add(new(ProblemKind.Other,
                $"the application's writes at the source are not as before: {ledger.LastRefusal}"));
        await ledger.StopAsync();
        problems.AddRange(Rows("source", await Ledger.RowsAsync(Source, Ct), ledger.AllAcknowledged));
        return problems;
    }

    /// <summary>The applications run on the target, which has everything, and nobody can write into the past.</summary>
    public async Task<IReadOnlyList<Problem>> ProvenAsync()
    {
        var problems = new List<Problem>();
        var target = await rig.TargetConnectionAsync();
        if (plan.Follows)
            problems.AddRange(await FollowAsync());
        var acknowledged = ledger.AcknowledgedBy(ledger.Source).Count;
        problems.AddRange(await AppOnTargetAsync());
        problems.AddRange(Differences("contents of the target", contents, await ContentsAsync(target)));
        problems.AddRange(Differences("contents of the source", contents, await ContentsAsync(Source)));
        await ledger.StopAsync();
        if (ledger.AcknowledgedBy(ledger.Source).Count != acknowledged)
            problems.Add(new(ProblemKind.LostRow, "the source acknowledged a row after the cut-over"));
        var there = await Ledger.RowsAsync(target, Ct);
        problems.AddRange(Rows("target", there, ledger.AllAcknowledged));
        var left = (await Ledger.RowsAsync(Source, Ct)).Except(there).ToList();
        if (left.Count > 0)
            problems.Add(new(ProblemKind.LostRow,
                $"{left.Count} rows are in the source and not in the target, e.g. {left[0]}"));
        return problems;
    }

    /// <summary>The application writes to the target from now on.</summary>
    public async Task<IReadOnlyList<Problem>> FollowAsync()
    {
        var target = await rig.TargetConnectionAsync();
        ledger.MoveTo(target);
        return await ledger.CanWriteAsync(target, Ct) ? [] : [new(ProblemKind.Other,
            $"the application cannot write to the target: {ledger.LastRefusal}")];
    }

    /// <summary>Nothing of Godwit's is left anywhere.</summary>
    public async Task<IReadOnlyList<Problem>> LeftoversAsync(SwiftServer swift, string? bucket)
    {
        var problems = new List<Problem>();
        var kept = bucket is null ? rig.StoreFiles : await swift.KeptAsync(bucket, Ct);
        problems.AddRange(kept.Select(one => new Problem(ProblemKind.Leftover, $"in the store: {one}")));
        if (await rig.Source.ScalarAsync<string>(rig.Database,
            "SELECT string_agg(slot_name, ', ') FROM pg_replication_slots", Ct) is { } slots)
            problems.Add(new(ProblemKind.Leftover, $"replication slots: {slots}"));
        if (await rig.Source.ScalarAsync<string>(rig.Database, "SELECT string_agg(gid, ', ') FROM pg_prepared_xacts",
            Ct) is { } prepared)
            problems.Add(new(ProblemKind.Leftover, $"prepared transactions: {prepared}"));
        var databases = await rig.Heroku.Cluster.ScalarAsync<string>("postgres",
            "SELECT string_agg(datname, ' ') FROM pg_database WHERE NOT datistemplate AND datallowconn", Ct);
        foreach (var database in databases!.Split(' '))
        {
            if (await rig.Heroku.Cluster.ScalarAsync<bool>(database,
                "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'godwit_copy')", Ct))
                problems.Add(new(ProblemKind.Leftover, $"an unfinished copy in {database}"));
        }

        problems.AddRange(await SessionsAsync("source", rig.Source, $"datname = '{rig.Database}'"));
        problems.AddRange(await SessionsAsync("target", rig.Heroku.Cluster, "datname <> 'postgres'"));
        return problems;
    }

    /// <param name="told">All that Godwit ever said.</param>
    public async Task<IReadOnlyList<Problem>> SecretsAsync(string told)
    {
        var secrets = new List<(string Name, string Value)>
        {
            ("a password", GodwitRig.SecretMark), ("Heroku's token", rig.Heroku.Token.Reveal()),
            ("the bucket's key", SwiftServer.Keys.Key.Reveal()),
        };
        if (await apps.ExistsAsync(rig.App))
        {
            secrets.AddRange((await rig.GetAsync($"/apps/{rig.App}/config-vars")).AsObject()
                .Select(one => one.Value!.GetValue<string>())
                .Where(value => value.StartsWith("postgres://", StringComparison.Ordinal))
                .Select(url => ("a database's password",
                    new NpgsqlConnectionStringBuilder(LocalHeroku.Connection(url)).Password!)));
            secrets.AddRange((await rig.GetAsync($"/client/v11/apps/{rig.App}/transfers")).AsArray()
                .Select(one => Regex.Match(one!["from_url"]!.GetValue<string>(), "(?<=(ignature|[?&]sig)=)[^&]+").Value)
                .Where(value => value.Length > 0)
                .Select(value => ("a link's signature", value)));
        }

        var places = new List<(string Name, string Text)> { ("what was printed", told) };
        if (Directory.Exists(rig.Home))
        {
            foreach (var file in Directory.EnumerateFiles(rig.Home, "*", SearchOption.AllDirectories))
                places.Add((file, await File.ReadAllTextAsync(file, Ct)));
        }

        return [.. from secret in secrets
                   from place in places
                   where place.Text.Contains(secret.Value, StringComparison.Ordinal)
                   select new Problem(ProblemKind.Other, $"{secret.Name} is in {place.Name}")];
    }

    private async Task<IReadOnlyList<Problem>> AppOnTargetAsync()
    {
        var now = await Snapshot.TakeAsync(rig, apps, Source, before, Ct);
        // The databases' names at the app are what a cut-over changes, and the source stays as it was frozen.
        return [.. Differences("app", [.. before.App.Where(IsNoDatabase)], [.. now.App.Where(IsNoDatabase)]),
            .. Differences("source", [.. before.Source.Where(IsNoFreeze)], [.. now.Source.Where(IsNoFreeze)]),
            .. await ElsewhereAsync()];
    }

    /// <summary>Everybody who was to be told of the new database has its URL.</summary>
    private async Task<IReadOnlyList<Problem>> ElsewhereAsync()
    {
        var problems = new List<Problem>();
        var url = await rig.ConfigVarAsync("DATABASE_URL") ?? "";
        foreach (var (app, name) in apps.SetConfig)
        {
            if ((await rig.GetAsync($"/apps/{app}/config-vars"))[name]?.GetValue<string>() != url)
                problems.Add(new(ProblemKind.Other, $"{name} of {app} is not the target's URL"));
        }

        if (!plan.HasEnvFile)
            return problems;
        var said = File.Exists(apps.EnvFile) ? await File.ReadAllTextAsync(apps.EnvFile, Ct) : "";
        if (!said.Contains(new NpgsqlConnectionStringBuilder(LocalHeroku.Connection(url)).Password!,
            StringComparison.Ordinal))
            problems.Add(new(ProblemKind.Other, "the env file does not lead to the target"));
        else if (File.GetUnixFileMode(apps.EnvFile) != (UnixFileMode.UserRead | UnixFileMode.UserWrite))
            problems.Add(new(ProblemKind.Other, $"the env file has the mode {File.GetUnixFileMode(apps.EnvFile)}"));
        return problems;
    }

    private static bool IsNoDatabase(string line) =>
        !line.Contains(": attachment ", StringComparison.Ordinal)
        && !line.Contains("=postgres://", StringComparison.Ordinal);

    private static bool IsNoFreeze(string line) =>
        !line.Contains(ReadOnly, StringComparison.Ordinal) && !line.StartsWith("settings of", StringComparison.Ordinal)
        && !line.StartsWith("database:", StringComparison.Ordinal);

    private static IEnumerable<Problem> Differences(
        string of, IReadOnlyList<string> before, IReadOnlyList<string> now) =>
        [.. before.Except(now).Select(line => new Problem(ProblemKind.Other, $"{of}, before: {line}")),
         .. now.Except(before).Select(line => new Problem(ProblemKind.Other, $"{of}, now: {line}"))];

    private IEnumerable<Problem> Rows(string where, IReadOnlySet<long> there, IReadOnlySet<long> acknowledged)
    {
        var lost = acknowledged.Except(there).Order().ToList();
        if (lost.Count > 0)
            yield return new(ProblemKind.LostRow,
                $"{lost.Count} acknowledged rows are not in the {where}, {lost[0]} to {lost[^1]}");
        var unknown = there.Except(acknowledged).Except(ledger.Unsure).Order().ToList();
        if (unknown.Count > 0)
            yield return new(ProblemKind.Other,
                $"{unknown.Count} rows are in the {where} that nobody wrote there, {unknown[0]} to {unknown[^1]}");
    }

    private static async Task<IReadOnlyList<Problem>> SessionsAsync(
        string where, Godwit.HerokuLocal.LocalCluster server, string which)
    {
        string? left = null;
        for (var waited = TimeSpan.Zero; waited < SessionsMax; waited += TimeSpan.FromMilliseconds(100))
        {
            left = await server.ScalarAsync<string>("postgres", $"""
                SELECT string_agg(format('%s: %s', application_name, left(query, 100)), '; ') FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND {which}
                    AND application_name <> '{Ledger.Application}'
                """, Ct);
            if (left is null)
                return [];
            await Task.Delay(100, Ct);
        }

        return [new(ProblemKind.Leftover, $"sessions at the {where}: {left}")];
    }
}
