using Godwit.Faults;
using Godwit.Providers;

namespace Godwit.Assess.Checks;

/// <summary>Whether the role may read the rows of extensions' own tables, as long as nobody can be asked whether these extensions go along. Once the target can
/// be asked, <see cref="RightsCheck"/> and <see cref="RowSecurityCheck"/> know.</summary>
internal sealed class ExtensionRowsCheck : ICheck
{
    private const string Closed = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_extension e CROSS JOIN pg_catalog.unnest(e.extconfig) config(oid)
             JOIN pg_catalog.pg_class c ON c.oid = config.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE e.oid = ANY ($1) AND c.relkind IN ('r', 'S')
          AND (NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') OR NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
               OR (c.relkind = 'r' AND pg_catalog.row_security_active(c.oid)))
        ORDER BY 1
        """;

    public string Name => "rows of extensions";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Target is not null || !world.Wishes.Cleans)
            return;
        uint[] staying = [.. (await world.VerdictsAsync(ct)).Where(one => one.Fate == ExtensionFate.Stays).Select(one => one.Oid)];
        var closed = await world.Source.RowsAsync(Closed, row => row.GetString(0), ct, staying);
        if (closed.Count > 0)
            notes.Find(ExtensionFindings.RowsClosed(world.Source.Address.User, Named.Some(closed)));
    }
}
