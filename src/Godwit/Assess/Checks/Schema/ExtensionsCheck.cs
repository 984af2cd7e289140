using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Which extensions the target has, and what needs the missing ones.</summary>
internal sealed class ExtensionsCheck : ICheck
{
    private const string HerokuExt = "heroku_ext";

    // By other objects than extensions. Then the schema is not renamed.
    private const string HerokuExtIsUsed = """
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_namespace n
                ON d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.refobjid = n.oid
            WHERE n.nspname = 'heroku_ext' AND d.deptype = 'n'
                AND d.classid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                  WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e'))
        """;

    // Behind a quote the name may be text. It is rewritten only before a dot.
    private const string Naming = """(prosrc ~ '''[^''\n]*\mheroku_ext\M' OR prosrc ~ '\mheroku_ext\M(?!"?\s*\.)' OR """
        + """proconfig::text ~ '\mheroku_ext\M')""";

    private const string FunctionsNaming = $"""
        SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p
        WHERE {Naming} AND p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
              WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid AND e.deptype = 'e')
        ORDER BY 1
        """;

    public string Name => "extensions";

    public IReadOnlyList<string> Acceptable => ExtensionsFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var offer = await world.OfferAsync(ct);
        var verdicts = await world.VerdictsAsync(ct);
        notes.AddFact("extensions",
            verdicts.Count == 0 ? "none" : string.Join(", ", verdicts.Select(one => $"{one.Name} {one.Version}")));
        NotHere([.. verdicts.Where(one => one.IsNotInstalled && one.Fate != ExtensionFate.Stays)], world, notes);
        foreach (var needed in
            verdicts.Where(one => one.Fate == ExtensionFate.Needed && !IsMissingHereOnly(one, world)))
            notes.Add(ExtensionsFindings.Needed(needed.Name, needed.Why,
                Phrase.List(needed.NeededBy, needed.NeededByCount), string.Join('\n', Ways(needed))));
        LeftOut([.. verdicts.Where(one => one.Fate == ExtensionFate.LeftOut && !IsMissingHereOnly(one, world))], world,
            notes);
        var staying = verdicts.Where(one => one.Fate == ExtensionFate.Stays).ToList();
        if (staying.Count > 0 && world.Target is { } target)
            Compare(staying, await TargetOffer.SchemasAsync(target, ct), notes);
        else if (staying.Count > 0 && world.Parts.Target is not null && offer.PublishedAsOf is { } asOf)
            notes.Add(ExtensionsFindings.Published(Phrase.List([.. staying.Select(one => one.Name)]), asOf));
        if (verdicts.Where(one => one.Schema == HerokuExt).Select(one => one.Name).ToList() is { Count: > 0 } moving)
            await LookAtHerokuExtAsync(moving, world, notes, ct);
    }

    // A Heroku on this machine has what this machine has: what is missing is no fault of the source, and nothing to be
    // changed there.
    private static bool IsMissingHereOnly(ExtensionVerdict one, AssessWorld world) =>
        one.IsNotInstalled && world.IsHerokuHere;

    private static void NotHere(IReadOnlyList<ExtensionVerdict> missing, AssessWorld world, IAssessNotes notes)
    {
        if (!world.IsHerokuHere || world.Target is not { ServerMajor: var major })
            return;
        var needed = missing.Where(one => one.Fate == ExtensionFate.Needed).Select(one => one.Name).ToList();
        if (needed.Count > 0)
            notes.Add(ExtensionsFindings.NotHere(Phrase.List(needed), DebianPackages.Line(needed, major)));
        var others = missing.Where(one => one.Fate == ExtensionFate.LeftOut).Select(one => one.Name).ToList();
        if (others.Count > 0)
            notes.Add(ExtensionsFindings.LeftOutHere(Phrase.List(others), DebianPackages.Line(others, major)));
    }

    private static void LeftOut(IReadOnlyList<ExtensionVerdict> leftOut, AssessWorld world, IAssessNotes notes)
    {
        static string Names(IEnumerable<ExtensionVerdict> some) => string.Join(", ", some.Select(one => one.Name));
        if (leftOut.Count > 0 && !world.Request.Cleans)
        {
            notes.Add(ExtensionsFindings.Refused(Names(leftOut)));
            return;
        }

        if (leftOut.Any(one => one.IsProvidersOwn))
            notes.Add(ExtensionsFindings.Providers(Names(leftOut.Where(one => one.IsProvidersOwn)),
                world.Provider.Title));
        if (leftOut.FirstOrDefault(one => !one.IsProvidersOwn) is { } first)
            notes.Add(ExtensionsFindings.NotOffered(Names(leftOut.Where(one => !one.IsProvidersOwn)), first.Why));
    }

    private static void Compare(
        IReadOnlyList<ExtensionVerdict> staying, IReadOnlyDictionary<string, string> schemas, IAssessNotes notes)
    {
        foreach (var one in staying)
        {
            if (schemas.TryGetValue(one.Name, out var there) && there != one.Schema)
                notes.Add(ExtensionsFindings.Schema(ServerCatalog.Quote(one.Name), there, one.Schema));
        }

        var older = staying.Where(one => one.TargetVersion is { } there && IsOlder(there, one.Version))
            .Select(one => $"{one.Name} {one.TargetVersion} instead of {one.Version}").ToList();
        if (older.Count > 0)
            notes.Add(ExtensionsFindings.Older(string.Join(", ", older)));
    }

    private static async Task LookAtHerokuExtAsync(
        IReadOnlyList<string> moving, AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (!world.Request.Cleans || await world.Source.ScalarAsync<bool>(HerokuExtIsUsed, ct))
            return;
        notes.Add(ExtensionsFindings.HerokuExt(string.Join(", ", moving)));
        var functions = await world.Source.RowsAsync(FunctionsNaming, row => row.GetString(0), ct);
        if (functions.Count > 0)
        {
            notes.Add(ExtensionsFindings.HerokuExtInFunctions(Phrase.List([.. functions]),
                $"SELECT pg_get_functiondef(oid) FROM pg_proc WHERE {Naming};"));
        }
    }

    // Type text holds the printed form of any type. Other objects have no general statement.
    private static IEnumerable<string> Ways(ExtensionVerdict needed)
    {
        const string Column = "table column ";
        foreach (var column in needed.NeededBy.Where(name => name.StartsWith(Column, StringComparison.Ordinal))
            .Select(name => name[Column.Length..]))
        {
            var dot = LastDot(column);
            yield return $"ALTER TABLE {column[..dot]} ALTER COLUMN {column[(dot + 1)..]} TYPE text;";
        }

        foreach (var other in needed.NeededBy.Where(name => !name.StartsWith(Column, StringComparison.Ordinal)))
            yield return $"-- {other.ReplaceLineEndings(" ")}";
        if (needed.NeededByCount > needed.NeededBy.Count)
            yield return $"-- and {ServerCatalog.Number(needed.NeededByCount - needed.NeededBy.Count)} more";
        yield return $"DROP EXTENSION {ServerCatalog.Quote(needed.Name)};";
    }

    // Quoted names may contain dots.
    private static int LastDot(string name)
    {
        var (last, isQuoted) = (0, false);
        for (var i = 0; i < name.Length; i++)
        {
            isQuoted ^= name[i] == '"';
            if (name[i] == '.' && !isQuoted)
                last = i;
        }

        return last;
    }

    // Only versions that are numbers with dots are compared.
    private static bool IsOlder(string there, string here) =>
        Version.TryParse(Dotted(there), out var left) && Version.TryParse(Dotted(here), out var right) && left < right;

    private static string Dotted(string version) =>
        version.Contains('.', StringComparison.Ordinal) ? version : version + ".0";
}
