using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <summary>Objects that were unreadable or of an unknown kind count neither as equal nor as different.</summary>
internal static class SchemaUnread
{
    /// <summary>Removes differing pairs that concern an unread object.</summary>
    /// <returns>How many.</returns>
    public static int SetAside(
        Dictionary<string, SchemaPair> pairs, SchemaSide source, SchemaSide target, List<ObjectVerdict> verdicts,
        List<Omission> omissions)
    {
        var before = pairs.Count;
        foreach (var (side, unread) in source.Unread.Select(one => ("source", one))
            .Concat(target.Unread.Select(one => ("target", one))))
        {
            var because = $"at the {side}, {unread.Why}";
            omissions.Add(new($"{unread.Class} {unread.Name}", because, unread.HoldsData));
            var words = ExpectedObject.WordsOf(unread.Name).Split(' ');
            foreach (var pair in pairs.Values.Where(pair => !pair.IsEqual && SpeaksOf(pair, words)).ToList())
            {
                pairs.Remove(pair.Any.Key);
                verdicts.Add(NotCompared(pair, $"{unread.Class} {unread.Name} was not compared: {because}"));
            }
        }

        SetOptionsAside(pairs, verdicts);
        return before - pairs.Count;
    }

    // Reports unknown options that differ; the rest is still compared.
    private static void SetOptionsAside(Dictionary<string, SchemaPair> pairs, List<ObjectVerdict> verdicts)
    {
        foreach (var pair in pairs.Values.Where(pair =>
            pair is { Source: not null, Target: not null } && pair.Source.Unknown != pair.Target.Unknown).ToList())
        {
            verdicts.Add(NotCompared(pair,
                $"not known: {Options(pair.Source!)} at the source, {Options(pair.Target!)} at the target"));
            // An index's printed definition contains its options.
            if (pair.Any.Class == "index")
                pairs.Remove(pair.Any.Key);
        }
    }

    private static ObjectVerdict NotCompared(SchemaPair pair, string because) =>
        new(pair.Any.Class, pair.Any.Name, Outcome.NotCompared, Shown(pair.Source), Shown(pair.Target), because);

    private static string? Shown(SchemaObject? one) =>
        one is null ? null : string.Join('\n', new[] { one.Text, one.Unknown }.Where(line => line.Length > 0))
            is { Length: > 0 } text ? text : "is there";

    private static string Options(SchemaObject one) => one.Unknown.Length > 0 ? one.Unknown : "no such option";

    private static bool SpeaksOf(SchemaPair pair, string[] words)
    {
        var all = ExpectedObject.WordsOf(pair.Any.Name).Split(' ').ToHashSet();
        return words.All(all.Contains);
    }
}
