using Godwit.EndToEnd.Migration;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify.Schema;

namespace Godwit.EndToEnd.Verify;

/// <summary>Differences that do not count, expected differences, and objects that could not be compared.</summary>
public sealed class SchemaCompareTests(OtherServers others, SchemaCopies copies)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sequence_may_be_ahead_and_an_invalid_index_is_not_dumped()
    {
        var server = await others.OfMajorAsync(15);
        var (sample, copy) = await copies.MakeAsync(server, server);
        var source = await copies.CloneAsync(server, sample,
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'birds.species_back'::regclass");
        var target = await copies.CloneAsync(server, copy,
            "SELECT setval('birds.counter', 900), setval('birds.down', -900), setval('birds.fresh', 7, true); "
            + "DROP INDEX birds.species_back");
        var result = await SchemaCopies.CompareAsync(server, source, server, target);
        Assert.DoesNotContain(result.Objects, one => one.Outcome == Outcome.Different);
        Assert.Equal("pg_dump leaves out an index that is not valid",
            Assert.Single(result.Objects, one => one.Class == "index").Why);
    }

    [Fact]
    public async Task What_may_not_be_read_is_an_omission_and_the_rest_is_compared()
    {
        var server = await others.OfMajorAsync(15);
        var (sample, copy) = await copies.MakeAsync(server, server);
        var target = await copies.CloneAsync(server, copy,
            "REVOKE SELECT ON pg_policy FROM PUBLIC; CREATE SEQUENCE birds.hidden; DROP VIEW birds.sub");
        var source = await copies.CloneAsync(server, sample, "CREATE SEQUENCE birds.hidden");
        var result = await SchemaCopies.CompareAsync(server, source, server, target);
        Assert.Equal(["policies", "value of the sequence birds.hidden"],
            result.Omissions.Select(one => one.What).Order());
        Assert.Equal([false, true], result.Omissions.OrderBy(one => one.What).Select(one => one.HoldsData));
        Assert.Contains("permission denied for table pg_policy", result.Omissions[0].Because, StringComparison.Ordinal);
        Assert.Equal("birds.sub", Assert.Single(result.Objects, one => one.Outcome == Outcome.Different).Name);
    }

    [Fact]
    public async Task Where_the_roles_differ_owners_are_not_compared_and_everybodys_rights_are()
    {
        var (source, target) = (await others.OfMajorAsync(15), await others.OfMajorAsync(16));
        var (sample, copy) = await copies.MakeAsync(source, target, "--no-owner", "--no-acl");
        var expected = new SchemaExpectations
        {
            Objects =
            [
                new("policy", "birds.sighting seen", "the target has no role egret"),
                new("user mapping", "USER MAPPING limosa SERVER nest_server", "the target has no role limosa"),
                new("user mapping", "USER MAPPING limosa SERVER spare_server", "the target has no role limosa"),
            ],
            Classes = new Dictionary<string, string>
            {
                ["publication"] = "it belongs to the replication of the source",
            },
        };
        await target.ExecuteAsync(copy, "DROP PUBLICATION IF EXISTS few", Ct);
        var result = await SchemaCopies.CompareAsync(
            SchemaCopies.Ordinary(source, sample),
            PostgresUrl.Parse(target.SuperUrl(copy).Reveal(), "The test's URL"), expected);
        Assert.Equal(
            [("grant", "function birds.touch()", "nobody but its owner"),
                ("grant", "type birds.mood", "nobody but its owner"), ("grant", "view birds.plain", "PUBLIC: SELECT")],
            result.Objects.Where(one => one.Outcome == Outcome.Different)
                .Select(one => (one.Class, one.Name, one.Source)));
        Assert.Equal(
            [
                ("owners", "the roles differ: the target has no role limosa, which owns objects of the source"),
                ("grants to the roles egret, heron, limosa", "the target has no such role"),
            ],
            result.Omissions.Select(one => (one.What, one.Because)));
        Assert.Equal(4, result.Objects.Count(one =>
            one.Why.StartsWith("the target has no role", StringComparison.Ordinal) || one.Class == "publication"));
    }

    [Fact]
    public async Task A_table_that_is_missing_takes_its_parts_with_it_and_a_password_is_never_shown()
    {
        var server = await others.OfMajorAsync(15);
        var (sample, copy) = await copies.MakeAsync(server, server);
        var target = await copies.CloneAsync(server, copy, "DROP TABLE birds.of_event",
            "ALTER USER MAPPING FOR limosa SERVER nest_server OPTIONS (SET password 's3cr3t-other')");
        var result = await SchemaCopies.CompareAsync(server, sample, server, target);
        var different = result.Objects.Where(one => one.Outcome == Outcome.Different).ToList();
        Assert.Equal(["table", "user mapping"], different.Select(one => one.Class));
        Assert.Equal("with it: 4 \u00d7 column, 2 \u00d7 foreign key constraint", different[0].Source);
        Assert.Null(different[0].Target);
        Assert.Equal("options: password, user\n(what differs is not shown: it may be a password)", different[1].Target);
    }
}
