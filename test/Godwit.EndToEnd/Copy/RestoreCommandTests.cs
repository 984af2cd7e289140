using System.Diagnostics;
using Godwit.App.Web;
using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.Faults;
using Godwit.Storage;
using static Godwit.EndToEnd.Copy.DumpedArchives;

namespace Godwit.EndToEnd.Copy;

/// <summary><c>godwit restore</c> into a database of an ordinary owner, and what becomes of archives that are not
/// whole.</summary>
public sealed class RestoreCommandTests(OtherServers servers)
{
    private const string Large = """
        CREATE TABLE wide (id bigint PRIMARY KEY, other int NOT NULL, said text NOT NULL, UNIQUE (other, id));
        INSERT INTO wide SELECT i, i % 1000, repeat(md5(i::text), 8) FROM generate_series(1, 200000) i;
        CREATE INDEX wide_said ON wide (md5(said));
        CREATE TABLE narrow (wide bigint REFERENCES wide, at timestamptz);
        INSERT INTO narrow SELECT i, timestamptz '2026-01-01' + i * interval '1 s' FROM generate_series(1, 200000) i;
        CREATE TABLE ends (said text); INSERT INTO ends VALUES ('\.'), (E'a\n\\.\n'), (''), (NULL), (E'\n');
        CREATE TABLE nothing (); INSERT INTO nothing SELECT FROM generate_series(1, 7);
        CREATE TABLE empty (id int);
        """;

    /// <summary>One of its rows, in the middle, is none for binary.</summary>
    private const string Rare = """
        CREATE TYPE mood AS ENUM ('low', 'so so'); CREATE DOMAIN percent AS numeric(5, 2) CHECK (value < 101);
        CREATE TABLE rare (id bigint PRIMARY KEY, at timestamptz, day date, share percent, number numeric,
            "Float" float8, mood mood, packed bytea, said jsonb);
        INSERT INTO rare
        SELECT i, timestamptz '2026-01-01' + i * interval '1.000013 s',
               CASE WHEN i = 100000 THEN '0044-03-15 BC' ELSE date '2026-01-01' + i % 365 END, nullif(i % 101, 10),
            CASE WHEN i = 100000 THEN 'NaN' ELSE i / 7.0 END, CASE WHEN i = 100000 THEN '-Infinity'
                ELSE i / 7::float8 END, 'so so', sha256(i::text::bytea), jsonb_build_object('i', i)
        FROM generate_series(1, 200000) i;
        CREATE TABLE other (id bigint, ip inet);
        INSERT INTO other SELECT i, inet '10.0.0.0' + i FROM generate_series(1, 200000) i;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_dumped_is_proven_by_verify_by_an_ordinary_owner()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), VerifyRig.Script);
        var archive = await DumpAsync(rig);

        (await RestoreAsync(rig, archive)).Expect(0).Says("Restored 4 tables, 2,450 rows").Says("3 large objects");

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
        Assert.False(await rig.AskTargetAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'godwit_copy')"));
        Assert.Equal("copy.target_not_empty", FaultShown.Read((await RestoreAsync(rig, archive)).Expect(1)).Code);
    }

    [Fact]
    public async Task A_signed_link_is_read_by_several_workers_and_never_shown()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        await using var store = ObjectStores.Open(new StoreAddress.Disk(rig.Folder), new StoreOptions(), new LinkHost(),
            TimeProvider.System);
        var link = (await store.SignAsync(Path.GetFileName(await DumpAsync(rig)), TimeSpan.FromMinutes(5), Ct)).Url;

        var end = await rig.RunAsync(["restore", "env:LINK", "--to", "env:TARGET_URL", "--jobs", "3"],
            new Dictionary<string, Secret?> { ["LINK"] = link });

        end.Expect(0).Says("Restored 5 tables, 400,012 rows");
        Assert.DoesNotContain("restore.one_reader", end.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Reveal().Split('?')[1], end.Everything, StringComparison.Ordinal);
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Fact]
    public async Task What_the_target_would_refuse_is_left_out_told_and_written_down()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), VerifyRig.Script);
        await rig.AtSourceAsync("CREATE PUBLICATION news FOR TABLE orders", asOwner: false);
        var file = rig.NewFile("left-out.sql");

        (await RestoreAsync(rig, await DumpAsync(rig), "--left-out", file))
            .Expect(0).Says("1 publication was left out of the restore (news)");

        Assert.Contains("CREATE PUBLICATION \"news\"", await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_table_that_not_every_worker_has_brought_to_its_end_is_brought_again()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        var archive = await DumpAsync(rig);
        var process = rig.Start(["restore", archive, "--to", "env:TARGET_URL", "--json", "--jobs", "3",
            "--max-rate", "1MB"]);
        await process.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal));
        await process.KillAsync();
        // As if it had died between the commits of those who share the table.
        Assert.Equal(3, await rig.AskTargetAsync<long>("SELECT count(*) FROM godwit_copy.divided"));
        await rig.AtTargetAsync("INSERT INTO wide VALUES (7, 7, 'seven'); INSERT INTO godwit_copy.done (entry, part) "
            + "SELECT entry, part FROM godwit_copy.divided WHERE part = 1");

        (await RestoreAsync(rig, archive, "--resume", "--jobs", "2")).Expect(0);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Theory]
    [InlineData("1")]
    // Each worker has some of the table.
    [InlineData("3")]
    public async Task Rows_go_in_binary_and_from_a_rare_value_on_as_text(string jobs)
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Rare);
        var archive = await DumpAsync(rig);
        var process = rig.Start(["restore", archive, "--to", "env:TARGET_URL", "--json", "--jobs", jobs,
            "--max-rate", "2MB"]);
        await process.LineAsync(line => line.Contains("public.rare", StringComparison.Ordinal)
            && line.Contains("being copied", StringComparison.Ordinal));
        // At this rate its rows take some seconds.
        var (isSeen, since) = (false, Stopwatch.StartNew());
        while (!isSeen && since.Elapsed < TimeSpan.FromSeconds(5))
            isSeen = await rig.AskTargetAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity "
                + "WHERE query LIKE 'COPY \"public\".\"rare\" % (FORMAT binary%')");

        Assert.True(isSeen);
        (await process.EndAsync()).Expect(0);
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_where_binary_rows_go_on_as_text_it_leaves_nothing_of_the_table(bool isKilled)
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Rare);
        var archive = await DumpAsync(rig);
        // At this rate the rows behind the rare one take some seconds.
        var process = rig.Start(["restore", archive, "--to", "env:TARGET_URL", "--jobs", "1", "--max-rate", "4MB"]);
        await LocalHeroku.UntilAsync(() => rig.AskTargetAsync<bool>(
            $"SELECT bool_or({(isKilled ? "true" : "pg_terminate_backend(pid)")}) IS NOT NULL FROM pg_stat_activity "
            + "WHERE datname = current_database() AND query LIKE 'COPY \"public\".\"rare\" %' "
            + "AND query NOT LIKE '%binary%'"));
        if (isKilled)
            await process.KillAsync();
        else
            Assert.Equal("copy.target_lost", FaultShown.Read((await process.EndAsync()).Expect(4)).Code);

        await LocalHeroku.UntilAsync(() => rig.AskTargetAsync<bool>("SELECT NOT EXISTS (SELECT FROM pg_stat_activity "
            + "WHERE datname = current_database() AND query LIKE 'COPY \"public\".\"rare\" %')"));
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM rare"));
        (await RestoreAsync(rig, archive, "--resume")).Expect(0);
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Fact]
    public async Task Whoever_stops_it_is_told_how_it_goes_on()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        var archive = await DumpAsync(rig);
        var process = rig.Start(["restore", archive, "--to", "env:TARGET_URL", "--json", "--max-rate", "1MB"]);
        await process.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal));
        await process.SignalAsync("TERM");

        var fault = FaultShown.Read((await process.EndAsync()).Expect(4));
        Assert.Equal("restore.stopped", fault.Code);
        Assert.Contains("--resume", fault.Next, StringComparison.Ordinal);
        Assert.Equal("copy.unfinished", FaultShown.Read((await RestoreAsync(rig, archive)).Expect(1)).Code);
        var copy = await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--resume",
            "--frozen"]);
        Assert.Equal("copy.restore_unfinished", FaultShown.Read(copy.Expect(1)).Code);

        (await RestoreAsync(rig, archive, "--resume"))
            .Expect(0).Says("Restored the rest: ").Says("since the restore went on");
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Fact]
    public async Task A_wrong_password_is_not_shown()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), VerifyRig.Script);
        var wrong = new Secret(rig.Target.Url(rig.Name, rig.Name, new Secret(GodwitRig.SecretMark + "wrong")).Reveal());

        var end = await rig.RunAsync(["restore", await DumpAsync(rig), "--to", "env:TARGET_URL"],
            new Dictionary<string, Secret?> { ["TARGET_URL"] = wrong });

        Assert.Equal("postgres.wrong_password", FaultShown.Read(end.Expect(1)).Code);
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_archive_with_a_changed_byte_ends_the_restore_and_the_table_stays_empty(bool isKnownPlace)
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        var archive = await DumpAsync(rig, isKnownPlace);
        await ChangeAsync(archive, "wide");

        var fault = FaultShown.Read((await RestoreAsync(rig, archive)).Expect(4));

        Assert.Equal("restore.archive_damaged", fault.Code);
        Assert.Contains("wide", fault.Why, StringComparison.Ordinal);
        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM wide"));
        Assert.True(await rig.AskTargetAsync<bool>("SELECT to_regclass('godwit_copy.done') IS NOT NULL"));
        // Fetched again, the same archive goes on.
        await ChangeAsync(archive, "wide");
        (await RestoreAsync(rig, archive, "--resume")).Expect(0);
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Fact]
    public async Task An_archive_that_was_cut_short_is_refused_before_anything_is_written()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        var archive = await DumpAsync(rig);
        var head = await HeadAsync(archive);
        await using (var file = File.OpenWrite(archive))
            file.SetLength(head.LengthBytes + 5000);

        Assert.Equal("archive.truncated", FaultShown.Read((await RestoreAsync(rig, archive)).Expect(1)).Code);

        Assert.Equal(0, await rig.AskTargetAsync<long>(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task Killed_at_some_moments_it_goes_on_and_brings_no_table_twice()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        var archive = await DumpAsync(rig);
        var brought = 0L;
        for (var kill = 0; kill < 6; kill++)
        {
            var process = rig.Start(["restore", archive, "--to", "env:TARGET_URL", "--jobs", "2",
                "--json", .. kill == 0 ? Array.Empty<string>() : ["--resume"]]);
            await process.LineAsync(line =>
                line.Contains(kill == 0 ? "bytes_moved" : "making the tables", StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromMilliseconds(100 * kill), Ct);
            await process.KillAsync();
            if ((await process.EndAsync()).Code == 0)
                break;
            var done = await rig.AskTargetAsync<long>("SELECT count(*) FROM godwit_copy.done");
            Assert.InRange(done, brought, long.MaxValue);
            brought = done;
        }

        Assert.True(brought > 0);
        if (await rig.AskTargetAsync<bool>("SELECT to_regclass('godwit_copy.done') IS NOT NULL"))
            (await RestoreAsync(rig, archive, "--resume")).Expect(0);
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Fact]
    public async Task Another_archive_does_not_go_on_with_a_restore()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Large);
        var archive = await DumpAsync(rig);
        await ChangeAsync(archive, "wide");
        (await RestoreAsync(rig, archive)).Expect(4);
        await rig.AtSourceAsync("ALTER TABLE empty ADD COLUMN more int");

        Assert.Equal("restore.another_archive",
            FaultShown.Read((await RestoreAsync(rig, await DumpAsync(rig), "--resume")).Expect(1)).Code);
    }

    private static Task<GodwitEnd> RestoreAsync(VerifyRig rig, string archive, params string[] more) =>
        rig.RunAsync(["restore", archive, "--to", "env:TARGET_URL", .. more]);
}
