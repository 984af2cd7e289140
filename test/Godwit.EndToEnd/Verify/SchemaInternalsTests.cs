using Godwit.EndToEnd.Migration;
using Godwit.Proof;

namespace Godwit.EndToEnd.Verify;

/// <summary>What servers store in their catalogs for themselves does not belong to a schema.</summary>
public sealed class SchemaInternalsTests(OtherServers others, SchemaCopies copies)
{
    /// <summary>The options that minor releases since 2026-11-12 write by themselves, for every kind of
    /// relation.</summary>
    private const string Internal = """
        UPDATE pg_attribute
            SET attoptions = coalesce((SELECT array_agg(o) FROM unnest(attoptions) o WHERE o NOT LIKE 'pg\_%'), '{}')
                                             || ARRAY['pg_attver=' || ({0} + attrelid::bigint), 'pg_later={0}']
        WHERE attnum > 0
            AND attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND oid >= 16384);
        UPDATE pg_class SET reloptions = array_append(reloptions, 'pg_later={0}')
            WHERE oid >= 16384 AND relkind IN ('r', 'm');
        """;

    [Theory]
    [InlineData(15, 15)]
    [InlineData(17, 18)]
    public async Task Internal_options_are_no_difference_and_those_beside_them_are(int from, int to)
    {
        var (source, target) = (await others.OfMajorAsync(from), await others.OfMajorAsync(to));
        var (sample, copy) = await copies.MakeAsync(source, target);
        var left = await copies.CloneAsync(source, sample, Internal.Replace("{0}", "7", StringComparison.Ordinal));
        var right = await copies.CloneAsync(target, copy, Internal.Replace("{0}", "8", StringComparison.Ordinal));
        var one = await copies.CloneAsync(target, copy, "ALTER TABLE birds.species ALTER name SET (n_distinct = -0.4)",
            "ALTER TABLE birds.species SET (fillfactor = 91)");

        var result = await SchemaCopies.CompareAsync(source, left, target, right);
        Assert.Equal([], result.Objects.Where(found => found.Outcome == Outcome.Different));
        Assert.Empty(result.Omissions);

        var other = await SchemaCopies.CompareAsync(source, left, target, one);
        var different = other.Objects.Where(found => found.Outcome == Outcome.Different).ToList();
        Assert.Equal(["birds.species.name", "birds.species"], different.Select(found => found.Name));
        Assert.DoesNotContain("pg_", string.Join('\n', different.Select(found => found.Source + found.Target)),
            StringComparison.Ordinal);
    }
}
