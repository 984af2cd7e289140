using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <summary>Object by object.</summary>
internal sealed class SchemaComparer
{
    private const string NotShown = "(what differs is not shown: it may be a password)";

    private readonly SchemaExpectations _expected;
    private readonly List<ObjectVerdict> _verdicts = [];
    private readonly List<Omission> _omissions = [];
    private long _compared;

    private SchemaComparer(SchemaExpectations expected) => _expected = expected;

    public static async Task<SchemaResult> CompareAsync(
        Side source, Side target, SchemaExpectations expected, CancellationToken ct)
    {
        var sides = await Task.WhenAll(
            SchemaSide.ReadAsync(source, target.Major, expected.Schemas, expected.Schemas, ct),
            SchemaSide.ReadAsync(target, source.Major, SchemaExpectations.None.Schemas, expected.Schemas, ct));
        return await CompareAsync(sides[0], sides[1], new(target, new SqlText(expected.Schemas)), expected, ct);
    }

    private static async Task<SchemaResult> CompareAsync(
        SchemaSide source, SchemaSide target, DefinitionJudge judge, SchemaExpectations expected,
        CancellationToken ct)
    {
        var comparer = new SchemaComparer(expected);
        var (left, right) = comparer.Readable(source, target);
        var owners = SchemaAccess.Owners(right);
        var (knownLeft, knownRight, omissions) = SchemaAccess.Comparable(left, right, source, target);
        comparer._omissions.AddRange(omissions);
        var pairs = Pairs(knownLeft, knownRight);
        comparer._compared += SchemaUnread.SetAside(pairs, source, target, comparer._verdicts, comparer._omissions);
        await comparer.CompareObjectsAsync(pairs, new(expected, target, owners), judge, ct);
        comparer.CompareOrder(pairs);
        comparer.CompareValues(source.Values, target.Values);
        return new([.. comparer._verdicts.OrderBy(one => one.Class, StringComparer.Ordinal)
            .ThenBy(one => one.Name, StringComparer.Ordinal)], comparer._compared, comparer._omissions)
        {
            TablesLeftOut = source.ExtensionTables
                .Select(one => (Table: one.Key, Why: comparer._verdicts.Find(found => found is
                {
                    Class: "extension",
                    Outcome: Outcome.Expected, Target: null
                } && found.Name == one.Value)?.Why))
                .Where(one => one.Why is not null).ToDictionary(one => one.Table, one => one.Why!),
            DefinitionsPrinted = judge.Printed,
        };
    }

    // A group that one side refused is omitted on both.
    private (List<SchemaObject> Source, List<SchemaObject> Target) Readable(SchemaSide source, SchemaSide target)
    {
        var (left, right) = (new List<SchemaObject>(), new List<SchemaObject>());
        foreach (var query in CatalogQuery.All)
        {
            if ((source.Refused.TryGetValue(query, out var why) ? $"at the source: {why}"
                : target.Refused.TryGetValue(query, out why) ? $"at the target: {why}" : null) is { } because)
            {
                _omissions.Add(new(query.What, because, HoldsData: false));
                continue;
            }

            left.AddRange(source.Objects[query]);
            right.AddRange(target.Objects[query]);
        }

        return (left, right);
    }

    private static Dictionary<string, SchemaPair> Pairs(List<SchemaObject> source, List<SchemaObject> target)
    {
        var pairs = new Dictionary<string, SchemaPair>(source.Count);
        foreach (var one in source)
            pairs[one.Key] = new(one, null);
        foreach (var one in target)
            pairs[one.Key] = new(pairs.GetValueOrDefault(one.Key)?.Source, one);
        return pairs;
    }

    private async Task CompareObjectsAsync(
        Dictionary<string, SchemaPair> pairs, SchemaRules rules, DefinitionJudge judge, CancellationToken ct)
    {
        _compared += pairs.Count;
        var (heads, with) = Heads([.. pairs.Values.Where(pair => !pair.IsEqual)]);
        var because = heads.ToDictionary(pair => pair.Any.Key, rules.Find);
        var judged = await judge.JudgeAsync(
            heads.Where(pair => because[pair.Any.Key] is null && pair is { Source: not null, Target: not null }), ct);
        // If an object is missing at the target, definitions that the target refuses for want of a name are reported as
        // different.
        var isLacking = heads.Exists(pair => because[pair.Any.Key] is null && pair.Target is null);
        foreach (var pair in heads)
        {
            var verdict = because[pair.Any.Key] is { } known ? new(Outcome.Expected,
                known) : judged.GetValueOrDefault(pair.Any.Key) ?? new(Outcome.Different);
            if (verdict.LacksName && isLacking)
                verdict = verdict with { Outcome = Outcome.Different };
            if (verdict.Outcome == Outcome.Equal)
                continue;
            if (verdict.Outcome == Outcome.NotCompared)
                _compared--;
            var isHidden = pair.Source?.Text == pair.Target?.Text;
            var parts = Parts(pair.Any.Key, with);
            _verdicts.Add(new(pair.Any.Class, pair.Any.Name, verdict.Outcome, Shown(pair.Source, isHidden, parts),
                Shown(pair.Target, isHidden, parts), verdict.Why));
        }
    }

    // The differences to report. With: objects that are missing or extra only because another object is, by its key.
    private static (List<SchemaPair> Heads, Dictionary<string, List<SchemaObject>> With) Heads(
        List<SchemaPair> differing)
    {
        var missing = differing.Where(pair => pair.Target is null).Select(pair => pair.Any.Key).ToHashSet();
        var extra = differing.Where(pair => pair.Source is null).Select(pair => pair.Any.Key).ToHashSet();
        var with = new Dictionary<string, List<SchemaObject>>();
        var heads = new List<SchemaPair>();
        foreach (var pair in differing)
        {
            var gone = pair.Target is null ? missing : pair.Source is null ? extra : null;
            if (gone is not null
                && pair.Any.PartOf.FirstOrDefault(key => key != pair.Any.Key && gone.Contains(key)) is { } whole)
                (with.TryGetValue(whole, out var parts) ? parts : with[whole] = []).Add(pair.Any);
            else
                heads.Add(pair);
        }

        return (heads, with);
    }

    private static string? Shown(SchemaObject? one, bool isHidden, string parts) =>
        one is null ? null : string.Join('\n', new[] { one.Text, isHidden ? NotShown : "", parts }
            .Where(line => line.Length > 0)) is { Length: > 0 } text ? text : "is there";

    // Objects that are missing or extra only because this one is.
    private static string Parts(string key, Dictionary<string, List<SchemaObject>> with)
    {
        var all = new List<SchemaObject>();
        var open = new Queue<string>([key]);
        while (open.TryDequeue(out var next))
        {
            if (!with.Remove(next, out var parts))
                continue;
            all.AddRange(parts);
            parts.ForEach(one => open.Enqueue(one.Key));
        }

        var said = all.Where(one => one.Class != SchemaAccess.Owner).GroupBy(one => one.Class)
            .Select(same => $"{same.Count()} \u00d7 {same.Key}").ToList();
        return said.Count == 0 ? "" : "with it: " + string.Join(", ", said);
    }

    // The order of a table's columns, without those of one side only.
    private void CompareOrder(Dictionary<string, SchemaPair> pairs)
    {
        foreach (var table in pairs.Values.Where(pair => pair.Any.Class == "column"
            && pair is { Source: not null, Target: not null }).GroupBy(pair => pair.Any.PartOf[0]))
        {
            var source = string.Join(", ",
                table.OrderBy(pair => pair.Source!.Position).Select(pair => ColumnOf(pair.Any)));
            var target = string.Join(", ",
                table.OrderBy(pair => pair.Target!.Position).Select(pair => ColumnOf(pair.Any)));
            if (source == target)
                continue;
            var whole = pairs.GetValueOrDefault(table.Key)?.Source;
            var inherits =
                whole?.Text.Split('\n').Any(line => line.StartsWith("inherits: ", StringComparison.Ordinal)) == true;
            _verdicts.Add(new("column order", whole?.Name ?? table.Key, inherits ? Outcome.Expected : Outcome.Different,
                source, target, inherits ? "pg_dump makes a table's inherited columns before its own" : ""));
        }
    }

    private static string ColumnOf(SchemaObject column)
    {
        var tokens = SqlToken.Parse(column.Name)!;
        return tokens[^1].Text;
    }

    // A target sequence may be ahead, as after a number that was never used. One behind would give out used numbers
    // again.
    private void CompareValues(SequenceValues source, SequenceValues target)
    {
        foreach (var (name, left) in source.Read)
        {
            if (!target.Read.TryGetValue(name, out var right))
                continue;
            _compared++;
            if (left.Increment > 0 ? right.Next < left.Next : right.Next > left.Next)
            {
                var isExpected = _expected.Classes.TryGetValue(VerdictWords.SequenceValue, out var why);
                _verdicts.Add(new(VerdictWords.SequenceValue, name, isExpected ? Outcome.Expected : Outcome.Different,
                    $"{left}", $"{right}, which is behind", why ?? ""));
            }
        }

        foreach (var (name, why) in source.Unread)
            _omissions.Add(new($"value of the sequence {name}", $"at the source, {why}", HoldsData: true));
        foreach (var (name, why) in target.Unread.Where(one => !source.Unread.ContainsKey(one.Key)))
            _omissions.Add(new($"value of the sequence {name}", $"at the target, {why}", HoldsData: true));
    }
}
