using System.Text.RegularExpressions;
using Godwit.App.Demo;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Godwit.Proof;

namespace Godwit.EndToEnd.Verify;

/// <summary>The verdict of <c>verify</c> agrees with pg_dump's texts of both sides. A fact that only one of the two
/// knows fails here.</summary>
public sealed partial class SchemaSecondJudgeTests(OtherServers others, SchemaCopies copies, ZooServers zoo)
{
    /// <summary>Mutations that pg_dump's text does not show, with the reasons.</summary>
    private static readonly Dictionary<string, string> NotInTheDump = new()
    {
        ["a materialized view is filled"] = "whether a view is populated is data: "
            + "pg_dump writes REFRESH, which --schema-only leaves out",
        ["a sequence is behind by one"] = "pg_dump counts what a sequence has given out as data",
        ["a falling sequence is behind"] = "pg_dump counts what a sequence has given out as data",
        ["a foreign key that nobody looks after"] = "pg_dump does not write that the triggers of a foreign key "
            + "are disabled",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_difference_of_the_sample_is_a_difference_of_pg_dumps_text_and_the_other_way_round()
    {
        var server = await others.OfMajorAsync(15);
        var (sample, _) = await copies.MakeAsync(server, server);
        var before = await EntriesAsync(server, sample);
        var (onlyVerify, onlyDump) = (new List<string>(), new List<string>());
        foreach (var batch in SchemaMutations.Batches)
        {
            var known = batch.Where(one => one.Since <= server.Major).ToList();
            var changed = await copies.CloneAsync(server, sample, known.Select(one => one.Sql));
            var verdicts = (await SchemaCopies.CompareAsync(server, sample, server, changed)).Objects
                .Where(one => one.Outcome != Outcome.Equal).ToList();
            var entries = Differing(before, await EntriesAsync(server, changed));
            var excepted = known.Where(one => NotInTheDump.ContainsKey(one.Title)).Select(one => one.Name).ToHashSet();
            onlyVerify.AddRange(verdicts.Where(one => !excepted.Contains(one.Name) && !entries.Any(entry =>
                Speaks(entry, $"{one.Class} {one.Name}"))).Select(one => $"{one.Class} {one.Name}"));
            onlyDump.AddRange(entries.Where(entry => !verdicts.Any(one =>
                Speaks(entry, $"{one.Class} {one.Name}\n{one.Source}\n{one.Target}") || IsPart(entry, one))));
        }

        Assert.True(onlyVerify.Count + onlyDump.Count == 0,
            $"verify alone:\n{string.Join('\n', onlyVerify)}\npg_dump alone:\n{string.Join('\n', onlyDump)}");
    }

    [Fact]
    public async Task A_restored_zoo_and_a_restored_demo_are_equal_to_both_judges()
    {
        var source = await zoo.SourceAsync(15);
        var (target, database) = await zoo.NewTargetAsync(15);
        await PgProgram.RunAsync(15, "pg_restore", [$"--dbname={database}", await zoo.ArchiveAsync(15, Maker.Stock)],
            target, database);
        await AgreeAsync(source, ZooServers.Database, target, database);

        var server = await others.OfMajorAsync(15);
        var (shop, copy) = (await copies.CloneAsync(server, SchemaCopies.Empty),
            await copies.CloneAsync(server, SchemaCopies.Empty));
        foreach (var one in (string[])[shop, copy])
            await server.ExecuteAsync(one, SampleDatabase.Script, Ct);
        await AgreeAsync(server, shop, server, copy);
        await server.ExecuteAsync(copy, "ALTER TABLE public.schema_migrations SET (fillfactor = 81)", Ct);
        Assert.Contains((await CompareAsync(server, shop, server, copy)).Select(one => one.Name),
            name => name.EndsWith("schema_migrations", StringComparison.Ordinal));
        Assert.NotEmpty(Differing(await EntriesAsync(server, shop), await EntriesAsync(server, copy)));
    }

    private static async Task AgreeAsync(LocalCluster from, string source, LocalCluster to, string target)
    {
        Assert.Equal([], await CompareAsync(from, source, to, target));
        Assert.Equal([], Differing(await EntriesAsync(from, source), await EntriesAsync(to, target)));
    }

    private static async Task<IReadOnlyList<ObjectVerdict>> CompareAsync(
        LocalCluster from, string source, LocalCluster to, string target)
    {
        var result = await SchemaCopies.CompareAsync(
            PostgresUrl.Parse(from.SuperUrl(source).Reveal(), "The source"),
            PostgresUrl.Parse(to.SuperUrl(target).Reveal(), "The target"));
        return [.. result.Objects.Where(one => one.Outcome == Outcome.Different)];
    }

    /// <summary>pg_dump's entries: a heading and its statements. An owner is set in a separate statement.</summary>
    private static async Task<HashSet<string>> EntriesAsync(LocalCluster server, string database)
    {
        var text = await PgProgram.RunAsync(server.Major, "pg_dump", ["--schema-only", $"--dbname={database}"],
            server, database);
        // psql's \restrict line has a random word. Lines before the first entry and after the last are not contents.
        var entries = Heading().Split(Restriction().Replace(text, "")
            .Replace("-- PostgreSQL database dump complete", "", StringComparison.Ordinal));
        return [.. entries.Skip(1).Select(one => one.Trim('-', '\n', ' '))];
    }

    private static List<string> Differing(HashSet<string> source, HashSet<string> target) =>
        [.. source.Except(target), .. target.Except(source)];

    /// <summary>True if an entry and a verdict share a word of their names.</summary>
    private static bool Speaks(string entry, string said)
    {
        var words = Words(said).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var heading = entry.Split('\n')[0];
        var name = heading[..Math.Max(0, heading.IndexOf("; Type: ", StringComparison.Ordinal))];
        return Words(name).Any(words.Contains);
    }

    /// <summary>Parts of a missing object, such as partitions, are counted with it and not named. In the sample, a
    /// part's name begins with the whole's.</summary>
    private static bool IsPart(string entry, ObjectVerdict whole) =>
        (whole.Source is null || whole.Target is null)
        && Words(whole.Name).Any(word => Words(entry).Any(one => one.StartsWith(word, StringComparison.Ordinal)));

    /// <summary>Words that identify an object. The schema's name and the class occur too often.</summary>
    private static List<string> Words(string text)
    {
        var all = Word().Matches(text).Select(one => one.Value).ToList();
        var telling = all.Where(one => !Common.Contains(one)).ToList();
        return telling.Count > 0 ? telling : all;
    }

    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "Name", "birds", "table", "column", "on", "integer", "text", "function", "type", "view", "comment", "owner",
        "grant", "constraint", "limosa",
    };

    [GeneratedRegex(@"^-- (?=Name: )", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\\(un)?restrict .*$", RegexOptions.Multiline)]
    private static partial Regex Restriction();

    [GeneratedRegex(@"[A-Za-z_][A-Za-z_0-9]*|[<>=!~@#%^&|`?+*/-]{2,}")]
    private static partial Regex Word();
}
