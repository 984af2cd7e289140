using Godwit.Postgres;

namespace Godwit.Assess.Checks;

/// <summary>What findings give to paste, and what they leave out because it is nobody's own.</summary>
internal static class Wording
{
    /// <summary>Statements that a finding gives to paste. Whoever has run these sees the next ones in the next
    /// assessment.</summary>
    private const int StatementsMax = 20;

    /// <summary>One below the other, each ended, as psql takes them.</summary>
    public static string Statements(IReadOnlyCollection<string> statements) =>
        string.Join('\n', statements.Take(StatementsMax).Select(statement => statement + ";"))
        + (statements.Count > StatementsMax
            ? $"\n-- and the same for {ServerCatalog.Number(statements.Count - StatementsMax)} more" : "");

    /// <summary>As a person says it: <c>40 seconds</c>, <c>3 hours</c>.</summary>
    public static string Age(long seconds) => seconds switch
    {
        < 120 => $"{ServerCatalog.Number(seconds)} seconds",
        < 7_200 => $"{ServerCatalog.Number(seconds / 60)} minutes",
        < 172_800 => $"{ServerCatalog.Number(seconds / 3_600)} hours",
        _ => $"{ServerCatalog.Number(seconds / 86_400)} days",
    };

    /// <summary>For <c>WHERE</c>: of a relation <c>c</c> in a schema <c>n</c>, whether it is the user's own and not the
    /// system's, an extension's, or temporary.</summary>
    public const string IsOwn = """
        n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                            AND d.deptype = 'e')
        """;
}
