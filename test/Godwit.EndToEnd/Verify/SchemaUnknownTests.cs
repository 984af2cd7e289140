using Godwit.EndToEnd.Migration;
using Godwit.Proof;

namespace Godwit.EndToEnd.Verify;

/// <summary>Catalog contents of a future version or a fork are reported as unknown: no alarm, no silence, no
/// crash.</summary>
public sealed class SchemaUnknownTests(OtherServers others, SchemaCopies copies)
{
    private const string Common = "CREATE TABLE birds.future (a integer); CREATE TYPE birds.later AS ENUM ('a')";

    private static readonly string[] Future =
    [
        """
        UPDATE pg_class SET reloptions = array_append(reloptions, 'later_table=1')
            WHERE oid = 'birds.species'::regclass;
        UPDATE pg_class SET reloptions = array_append(reloptions, 'later_view=on')
            WHERE oid = 'birds.aliased'::regclass;
        UPDATE pg_class SET reloptions = array_append(reloptions, 'later_index=7')
            WHERE oid = 'birds.species_tags'::regclass;
        UPDATE pg_class SET reloptions = array_append(reloptions, 'later_toast=7')
            WHERE oid = (SELECT reltoastrelid FROM pg_class WHERE oid = 'birds.sighting'::regclass);
        UPDATE pg_attribute SET attoptions = array_append(attoptions, 'later_column=3')
            WHERE attrelid = 'birds.species'::regclass AND attname = 'name';
        UPDATE pg_constraint SET contype = 'z' WHERE conname = 'of_event_species_fkey';
        UPDATE pg_class SET relkind = 'z' WHERE oid = 'birds.future'::regclass;
        UPDATE pg_type SET typtype = 'z' WHERE oid = 'birds.later'::regtype;
        INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
        VALUES ('pg_proc'::regclass, 'birds.touch()'::regprocedure, 0, 'pg_class'::regclass,
            'birds.species'::regclass, 0, 'z');
        INSERT INTO pg_description VALUES ('birds.species'::regclass, 987654, 0, 'of an unknown catalog');
        """,
    ];

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task Unknown_things_are_told_as_not_known(int major)
    {
        var (server, other) = (await others.OfMajorAsync(major), await others.OfMajorAsync(15));
        var (sample, _) = await copies.MakeAsync(server, other);
        var (old, future) = (await copies.CloneAsync(server, sample, Common),
            await copies.CloneAsync(server, sample, [Common, .. Future]));
        foreach (var (source, target, side) in ((string, string, string)[])[(old, future, "target"),
            (future, old, "source")])
        {
            var result = await SchemaCopies.CompareAsync(server, source, server, target);
            Assert.Equal([], result.Objects.Where(one => one.Outcome == Outcome.Different));
            var told = result.Objects.Where(one => one.Outcome == Outcome.NotCompared)
                .Select(one => $"{one.Class} {one.Name}: {one.Why}")
                .Concat(result.Omissions.Select(one => $"{one.What}: {one.Because}")).ToList();
            foreach (var (what, unknown) in ((string, string)[])[
                ("table birds.species", "later_table=1"), ("view birds.aliased", "later_view=on"),
                ("index birds.species_tags", "later_index=7"),
                ("table birds.sighting", "toast: later_toast=7"), ("column birds.species.name", "later_column=3"),
                ("constraint of_event_species_fkey on birds.of_event", "contype 'z'"), ("relation birds.future",
                    "relkind 'z'"), ("type birds.later", "typtype 'z'"), ("function birds.touch", "deptype 'z'")])
                Assert.Contains(told, line => line.StartsWith($"{what}: ", StringComparison.Ordinal) && line.Contains(
                    "not known: ", StringComparison.Ordinal) && line.Contains(unknown, StringComparison.Ordinal));
            Assert.Contains(result.Omissions, one => one.Because.StartsWith($"at the {side}, ",
                StringComparison.Ordinal) && one.Because.Contains("987654", StringComparison.Ordinal));
            Assert.True(result.Omissions.Single(one => one.What == "relation birds.future").HoldsData);
        }
    }
}
