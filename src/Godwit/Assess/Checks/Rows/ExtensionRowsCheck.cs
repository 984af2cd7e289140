using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess.Checks.Rows;

/// <summary>Whether the role may read the user's rows in extensions' tables, and whether the target accepts
/// them.</summary>
/// <remarks>Opens its own session at the target, to create a missing extension in a transaction that is rolled
/// back.</remarks>
internal sealed class ExtensionRowsCheck : ICheck
{
    public string Name => "rows of extensions";

    public IReadOnlyList<string> Acceptable => ExtensionRowsFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (!world.Request.Cleans)
            return;
        var staying = (await world.VerdictsAsync(ct)).Where(one => one.Fate == ExtensionFate.Stays);
        var tables = await ExtensionTables.FindAsync(world.Source, staying, ct);
        if (world.Target is { } target)
            tables = await ExtensionTables.JudgeAsync(tables, world.Source, target.Address, ct);
        else if (tables.Where(one => !one.MayRead).Select(one => one.Title).ToList() is { Count: > 0 } closed)
            notes.Add(ExtensionRowsFindings.Closed(world.Source.Address.User, Phrase.List(closed)));
        var refused = tables.Where(one => one.Fate == OwnRows.Refused).ToList();
        if (refused.Count > 0)
        {
            notes.Add(ExtensionRowsFindings.Refused(
                Phrase.List([.. refused.Select(InWords)]),
                Phrase.ListClauses([.. refused.Select(one => one.Why).Distinct(StringComparer.Ordinal)]),
                string.Join('\n',
                    refused.Select(one => one.MayRead ? Look(one) : Grant(one, world.Source.Address.User)))));
        }

        foreach (var reason in tables.Where(one => one is { Fate: OwnRows.NotAsked, MayRead: true })
            .GroupBy(one => one.Why, InWords))
            notes.Add(ExtensionRowsFindings.NotAsked(Phrase.List([.. reason]), reason.Key));
        if (tables.Where(one => one.Fate == OwnRows.None).Select(one => one.Title).ToList() is { Count: > 0 } untouched)
            notes.Add(ExtensionRowsFindings.TheirOwn(Phrase.List(untouched)));
    }

    private static string InWords(ExtensionTable one) =>
        one.IsSequence || !one.MayRead ? one.Title : string.Create(CultureInfo.InvariantCulture,
            $"{one.Title}: {Phrase.Count(one.Rows, "row")}");

    // By key: the extension's own condition may list thousands of rows.
    private static string Look(ExtensionTable one)
    {
        if (one.IsSequence || one.FirstKeys.Count == 0)
            return $"SELECT * FROM {one.Title};";
        var more = one.Rows > one.FirstKeys.Count
            ? $" -- and {Phrase.Number(one.Rows - one.FirstKeys.Count)} more" : "";
        return $"SELECT * FROM {one.Title} WHERE ROW({one.Key})::text IN ({string.Join(", ", one.FirstKeys)});{more}";
    }

    // Row security also needs a role with BYPASSRLS.
    private static string Grant(ExtensionTable one, string user) =>
        $"GRANT USAGE ON SCHEMA {ServerCatalog.Quote(one.Schema)} TO {ServerCatalog.Quote(user)}; "
        + $"GRANT SELECT ON {one.Title} TO {ServerCatalog.Quote(user)}; -- by an administrator, to know what is in it";
}
