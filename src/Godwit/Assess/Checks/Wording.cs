using Godwit.Postgres;

namespace Godwit.Assess.Checks;

/// <summary>Texts and SQL conditions that the checks share.</summary>
internal static class Wording
{
    // In a finding. The next assessment shows the rest.
    private const int StatementsMax = 20;

    /// <summary>One a line, each with a semicolon, for psql.</summary>
    public static string Statements(IReadOnlyCollection<string> statements) =>
        string.Join('\n', statements.Take(StatementsMax).Select(statement => statement + ";"))
        + (statements.Count > StatementsMax
            ? $"\n-- and the same for {ServerCatalog.Number(statements.Count - StatementsMax)} more" : "");

    /// <summary><c>40 seconds</c>, <c>3 hours</c>.</summary>
    public static string Age(long seconds) => seconds switch
    {
        < 120 => $"{ServerCatalog.Number(seconds)} seconds",
        < 7_200 => $"{ServerCatalog.Number(seconds / 60)} minutes",
        < 172_800 => $"{ServerCatalog.Number(seconds / 3_600)} hours",
        _ => $"{ServerCatalog.Number(seconds / 86_400)} days",
    };

    /// <summary>A WHERE condition on relation <c>c</c> in schema <c>n</c>: not of the system or an extension, nor
    /// temporary.</summary>
    public const string IsOwn = """
        n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                            AND d.deptype = 'e')
        """;
}
