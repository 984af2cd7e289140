using Godwit.Extract.Cleaning;
using Godwit.PgArchive;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Extract.Cleaning;

/// <summary>Extensions that a target does not have, and rows of the tables of those that it has.</summary>
public sealed class ExtensionCleaningTests
{
    private const uint ExtensionOid = 16387;

    [Fact]
    public void An_extension_goes_with_its_comment_its_server_its_schema_and_the_rows_that_no_dependency_tells_of()
    {
        var (after, leftOut) = Clean(
            new CleaningRules
            {
                Roles = new HashSet<string>(),
                Extensions = new Dictionary<uint, string> { [ExtensionOid] = "it exists only there" },
                Tables = new HashSet<uint> { 55 },
                Sequences = new HashSet<(ArchiveText, ArchiveText)>
                {
                    (ArchiveText.Of("cron"), ArchiveText.Of("jobs")),
                },
                Schemas = new HashSet<uint> { 77, 78 },
            },
            Object(1, "SCHEMA", "cron", "CREATE SCHEMA cron;\n") with { Oid = 77 },
            Object(2, "SCHEMA", "mine", "CREATE SCHEMA mine;\n") with { Oid = 78 },
            Object(3, "EXTENSION", "pg_cron", "CREATE EXTENSION IF NOT EXISTS pg_cron WITH SCHEMA cron;\n") with
            {
                Oid = ExtensionOid,
            },
            Object(4, "COMMENT", "EXTENSION pg_cron", "COMMENT ON EXTENSION pg_cron IS 'x';\n", 3),
            Object(5, "SERVER", "logs", "CREATE SERVER logs FOREIGN DATA WRAPPER log_fdw;\n", 3),
            Object(6, "TABLE", "t", "CREATE TABLE mine.t ();\n") with { Namespace = ArchiveText.Of("mine") },
            Forge.Table(7, "job") with { Oid = 55, Namespace = ArchiveText.Of("cron") },
            Forge.Table(8, "t") with { Oid = 56, Namespace = ArchiveText.Of("mine") },
            Object(9, "SEQUENCE SET", "jobs", "SELECT 1;\n", 99) with { Namespace = ArchiveText.Of("cron") },
            Object(10, "SEQUENCE SET", "jobs", "SELECT 2;\n", 98) with { Namespace = ArchiveText.Of("mine") },
            Object(11, "EXTENSION", "hstore", "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;\n") with
            {
                Oid = ExtensionOid + 1,
            });

        Assert.Equal([2, 6, 8, 10, 11], after.Entries.Select(entry => entry.DumpId));
        Assert.Equal("it exists only there", leftOut.Single(one => one.Kind == LeftOutKind.Extension).Reason);
        Assert.Equal(["cron.job", "cron.jobs"],
            leftOut.Where(one => one.Kind == LeftOutKind.ExtensionRows).Select(one => $"{one.Name}"));
    }

    [Fact]
    public void Rows_in_a_table_of_an_extension_that_stays_go_alone()
    {
        static (ArchiveText, ArchiveText) Name(string schema, string name) =>
            (ArchiveText.Of(schema), ArchiveText.Of(name));

        var (after, leftOut) = Clean(
            new CleaningRules
            {
                Roles = new HashSet<string>(),
                OwnRows = new Dictionary<(ArchiveText, ArchiveText), OwnRowsLeftOut>
                {
                    [Name("public", "spatial_ref_sys")] = new("closed", HasRows: true),
                    [Name("topology", "layer")] = new("nothing of yours", HasRows: false),
                    [Name("cron", "jobs")] = new("closed", HasRows: true),
                },
            },
            Object(1, "EXTENSION", "postgis", "CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;\n") with
            {
                Oid = ExtensionOid,
            },
            Forge.Table(2, "spatial_ref_sys") with { Oid = 55, Namespace = ArchiveText.Of("public") },
            Forge.Table(3, "layer") with { Oid = 56, Namespace = ArchiveText.Of("topology") },
            Forge.Table(4, "topology") with { Oid = 57, Namespace = ArchiveText.Of("topology") },
            Object(5, "SEQUENCE SET", "jobs", "SELECT 1;\n") with { Namespace = ArchiveText.Of("cron") });

        Assert.Equal([1, 4], after.Entries.Select(entry => entry.DumpId));
        Assert.Equal(
            [(LeftOutKind.OwnRows, "public.spatial_ref_sys", "closed"), (LeftOutKind.OwnRows, "cron.jobs", "closed"),
                (LeftOutKind.ExtensionTable, "topology.layer", "nothing of yours")],
            leftOut.Select(one => (one.Kind, $"{one.Name}", one.Reason)));
    }

    private static CleanedContents Clean(CleaningRules rules, params TocEntry[] entries) =>
        ArchiveCleaner.Clean(Forge.Head(ArchiveCompression.Gzip, entries), rules);

    private static TocEntry Object(int id, string kind, string name, string definition, params int[] dependencies) =>
        Forge.Object(id, kind, name, dependencies) with { Definition = ArchiveText.Of(definition) };
}
