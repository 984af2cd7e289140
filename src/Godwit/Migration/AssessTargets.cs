using Godwit.Assess;
using Godwit.Copy;
using Godwit.Extract;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Migration;

/// <summary>A target as the assessment sees it.</summary>
public static class AssessTargets
{
    /// <summary>An app that does not exist yet is a matter for the target step, which may create it.</summary>
    /// <param name="historyOf">What the runs of this machine have done with an add-on, by its name.</param>
    public static AssessTarget Of(ITarget target, Func<string, AddOnHistory> historyOf) => new(
        target.Title, target.FindAddressAsync, target is not HerokuTarget heroku ? null
            : new(heroku.Heroku, heroku.Name.App, heroku.FindAddOnAsync) { HistoryOf = historyOf });

    /// <summary>For an assessment without a run.</summary>
    public static AssessTarget Of(
        HerokuClient heroku, HerokuTargetName name, Func<string, AddOnHistory>? historyOf = null) =>
        Of(new HerokuTarget(heroku, name, new VolatileMemory(), RunStory.AddOnKey),
            historyOf ?? (_ => AddOnHistory.None));

    /// <summary>How an assessment finds what will dump the source.</summary>
    public static Func<int, CancellationToken, Task<AssessDumper>> Dumper(
        PostgresAddress source, PgTools tools, IProcessRunner processes) => async (major, ct) =>
        {
            var found = await PgDumpCall.FindAsync(source, major, tools, processes, ct);
            return new(found.Name, found.Version);
        };

    /// <summary>How an assessment tries the definitions.</summary>
    /// <param name="roles">As they are mapped; null: nothing is left out for the target's sake.</param>
    public static Func<PostgresAddress, CancellationToken, Task<TriedDefinitions>> Trial(
        PostgresAddress source, RoleMap? roles, PgTools tools, IProcessRunner processes, TimeProvider clock) =>
        async (target, ct) =>
    {
        var pgDump = await PgDumpCall.FindAsync(source, tools, processes, ct);
        var result = await new SchemaTrial(pgDump, target, roles).RunAsync(_ => { }, clock, ct);
        return new(result.Made,
            result.Refused.Count == 0 ? null : new(result.RefusedCount, result.RefusedNamed, result.RefusedStatements),
            result.WhyNot);
    };

    /// <inheritdoc cref="Of(HerokuClient, HerokuTargetName, Func{string, AddOnHistory})"/>
    public static AssessTarget Of(PostgresAddress address) =>
        Of(new PostgresTarget(address, new VolatileMemory()), _ => AddOnHistory.None);
}
