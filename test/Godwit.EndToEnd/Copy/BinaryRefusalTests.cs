using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;

namespace Godwit.EndToEnd.Copy;

/// <summary>Targets that refuse in binary what they take as text: the rows are sent once more. No type in binary is
/// known to need that, so the target's catalog is changed: a type gets another type's receive function.</summary>
public sealed class BinaryRefusalTests(OtherServers servers)
{
    private const string Source = """
        CREATE TABLE places (id int PRIMARY KEY, at pg_lsn, filler text);
        INSERT INTO places SELECT i, pg_lsn '1/A0' + i, repeat(md5(i::text), 10) FROM generate_series(1, 90000) i;
        CREATE TABLE few (at pg_lsn); INSERT INTO few VALUES ('0/7'), (NULL);
        CREATE TABLE others (id int); INSERT INTO others SELECT generate_series(1, 500);
        """;

    private const string Archived = """
        CREATE TABLE keys (id uuid, n int, filler text);
        INSERT INTO keys SELECT md5(i::text)::uuid, i, CASE WHEN i % 20000 = 0 THEN repeat(md5(i::text), 9000)
            ELSE repeat(md5(i::text), 4) END FROM generate_series(1, 120000) i;
        """;

    private static readonly string[] Resume = ["--resume", "--frozen"];

    [Theory]
    [InlineData("int4recv", "22P03")]
    [InlineData("uuid_recv", "08P01")]
    [InlineData("jsonb_recv", "XX000")]
    [InlineData("pg_node_tree_recv", "0A000")]
    // Refused before the first row, while the source's rows wait to be read.
    [InlineData("-", "42883")]
    public async Task Rows_that_are_refused_in_binary_go_as_text_and_it_is_said_once_for_each_table(
        string receive, string state)
    {
        await using var rig = await RigAsync(Source, "pg_lsn", receive);

        var end = await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "2",
            "--json"]);

        var events = end.Expect(0).Events;
        var notes = events.Where(one => one["code"]?.GetValue<string>() == "copy.binary_refused")
            .Select(one => $"{one["what"]}: {one["why"]}").ToList();
        Assert.Equal(2, notes.Count);
        Assert.All(notes, note => Assert.Contains(state, note, StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("public.places", StringComparison.Ordinal));
        Assert.Equal(90_502,
            events.Single(one => one["event"]!.GetValue<string>() == "copy_ended")["rows"]!.GetValue<long>());
        var moved = events.Where(one => one["event"]!.GetValue<string>() == "bytes_moved")
            .Select(one => (Bytes: one["done_bytes"]!.GetValue<long>(), Rows: one["rows"]!.GetValue<long>())).ToList();
        Assert.Equal(moved.Order(), moved);
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Fact]
    public async Task What_is_refused_as_text_too_ends_the_copy_with_the_error_of_the_text()
    {
        await using var rig = await RigAsync(Source, "pg_lsn", "uuid_recv");
        await rig.AtTargetAsync("UPDATE pg_type SET typinput = 'uuid_in'::regproc WHERE oid = 'pg_lsn'::regtype",
            asOwner: false);

        var end = (await CopyAsync(rig)).Expect(4).Says("are sent again as text").Says("SQLSTATE 08P01");

        var fault = FaultShown.Read(end);
        Assert.Equal("copy.rows_refused", fault.Code);
        Assert.Contains("22P02", fault.Why, StringComparison.Ordinal);
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM places"));
    }

    [Fact]
    public async Task Killed_while_rows_are_sent_again_it_goes_on()
    {
        await using var rig = await RigAsync(Source, "pg_lsn", "uuid_recv");
        // At this rate each of the two takes some seconds.
        var process = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--jobs", "2",
            "--max-rate", "8MB"]);
        await LocalHeroku.UntilAsync(() => rig.AskTargetAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            + "AND query LIKE 'COPY \"public\".\"places\" %' AND query NOT LIKE '%binary%')"));
        await process.KillAsync();
        await LocalHeroku.UntilAsync(() => rig.AskTargetAsync<bool>("SELECT NOT EXISTS (SELECT FROM pg_stat_activity "
            + "WHERE datname = current_database() AND query LIKE 'COPY \"public\".\"places\" %')"));
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM places"));

        (await CopyAsync(rig, Resume)).Expect(0);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Theory]
    [InlineData("1")]
    // Each worker has some of the table's lines, and sends its own again.
    [InlineData("3")]
    public async Task Rows_of_an_archive_are_sent_again_as_text_too(string jobs)
    {
        await using var rig = await RigAsync(Archived, "uuid", "int4recv");
        var archive = rig.NewFile("keys.dump");
        (await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", archive])).Expect(0);

        var end = await rig.RunAsync(["restore", archive, "--to", "env:TARGET_URL", "--jobs", jobs, "--json"]);

        var note = Assert.Single(end.Expect(0).Events, one => one["code"]?.GetValue<string>() == "copy.binary_refused");
        Assert.Contains("public.keys", $"{note["what"]}", StringComparison.Ordinal);
        Assert.Equal(120_000,
            end.Events.Single(one => one["event"]!.GetValue<string>() == "restore_ended")["rows"]!.GetValue<long>());
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    /// <param name="type">That the target understands in text only.</param>
    /// <param name="receive">The function that reads its binary form there.</param>
    private async Task<VerifyRig> RigAsync(string script, string type, string receive)
    {
        var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), script);
        await rig.AtTargetAsync($"UPDATE pg_type SET typreceive = '{receive}'::regproc WHERE oid = '{type}'::regtype",
            asOwner: false);
        return rig;
    }

    private static Task<GodwitEnd> CopyAsync(VerifyRig rig, params IReadOnlyList<string> more) =>
        rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]);
}
