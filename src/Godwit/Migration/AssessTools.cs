using Godwit.Assess;
using Godwit.Copy;
using Godwit.Extract;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Migration;

/// <summary>What an assessment needs from other stages, which it does not know.</summary>
public static class AssessTools
{
    public static Func<int, CancellationToken, Task<AssessDumper>> Dumper(
        PostgresAddress source, PgTools tools, IProcessRunner processes) => async (major, ct) =>
        {
            var found = await PgDumpCall.FindAsync(source, major, tools, processes, ct);
            return new(found.Name, found.Version);
        };

    /// <param name="roles">Null: nothing is left out for the target.</param>
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
}
