using Godwit.Extract.Cleaning;
using Godwit.PgArchive;
using Godwit.Providers;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Extract.Cleaning;

/// <summary>The target has the roles <c>here</c>, <c>me</c> who restores, and <c>mine</c> in whose name he may
/// act.</summary>
public sealed class RightsSorterTests
{
    [Theory]
    [InlineData("GRANT SELECT ON TABLE public.t TO PUBLIC;", "GRANT SELECT ON TABLE public.t TO PUBLIC", null)]
    [InlineData("REVOKE ALL ON FUNCTION public.f() FROM PUBLIC;",
        "REVOKE ALL ON FUNCTION public.f() FROM PUBLIC", null)]
    [InlineData("GRANT ALL ON FUNCTION public.f() TO here;", "GRANT ALL ON FUNCTION public.f() TO \"here\"", null)]
    [InlineData("GRANT SELECT ON TABLE public.t TO here WITH GRANT OPTION;",
        "GRANT SELECT ON TABLE public.t TO \"here\" WITH GRANT OPTION", null)]
    [InlineData("GRANT SELECT ON TABLE \"a TO b;\".\"FROM\" TO here;",
        "GRANT SELECT ON TABLE \"a TO b;\".\"FROM\" TO \"here\"", null)]
    [InlineData("GRANT ALL ON TABLE public.t TO gone;", null, "the target has no role gone")]
    [InlineData("GRANT ALL ON TABLE public.t TO \"Go\"\"ne\";", null, "the target has no role Go\"ne")]
    [InlineData(
        "SET SESSION AUTHORIZATION here;\nGRANT SELECT ON TABLE public.t TO PUBLIC;\nRESET SESSION AUTHORIZATION;",
        "GRANT SELECT ON TABLE public.t TO PUBLIC", null)]
    [InlineData("REVOKE ALL ON TABLE public.t FROM main;", "REVOKE ALL ON TABLE public.t FROM CURRENT_USER", null)]
    [InlineData("GRANT ALL ON TABLE public.t TO mapped;", "GRANT ALL ON TABLE public.t TO \"here\"",
        "you mapped its role")]
    [InlineData("GRANT ALL ON TABLE public.t TO to_me;", null,
        "everything belongs to the target's owner, who may do everything with it")]
    [InlineData("GRANT ALL ON TABLE public.t TO to_all;", null,
        "what is granted to everybody is not taken from a mapped role")]
    public void A_right_is_carried_where_its_role_is_at_the_target(string sql, string? carried, string? why)
    {
        var cleaned = Clean(Right("ACL", sql, "main"));

        Assert.Empty(cleaned.Head.Entries);
        Assert.Equal(carried, cleaned.Rights.SingleOrDefault() is { } one ? $"{one.Statement}" : null);
        Assert.Equal(why, cleaned.LeftOut.SingleOrDefault()?.Reason);
    }

    [Theory]
    [InlineData("FOR ROLE mine IN SCHEMA s GRANT SELECT ON TABLES TO here;",
        "ALTER DEFAULT PRIVILEGES FOR ROLE \"mine\" IN SCHEMA s GRANT SELECT ON TABLES TO \"here\"")]
    [InlineData("FOR ROLE mine REVOKE ALL ON TABLES FROM mine;",
        "ALTER DEFAULT PRIVILEGES FOR ROLE \"mine\" REVOKE ALL ON TABLES FROM \"mine\"")]
    [InlineData("FOR ROLE main IN SCHEMA s REVOKE ALL ON FUNCTIONS FROM PUBLIC;",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE ALL ON FUNCTIONS FROM PUBLIC")]
    [InlineData("FOR ROLE main REVOKE ALL ON TABLES FROM main;",
        "ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM CURRENT_USER")]
    [InlineData("FOR ROLE here GRANT SELECT ON TABLES TO PUBLIC;", null)]
    [InlineData("FOR ROLE gone GRANT SELECT ON TABLES TO PUBLIC;", null)]
    [InlineData("FOR ROLE mine GRANT SELECT ON TABLES TO gone;", null)]
    public void Default_privileges_are_carried_where_somebody_makes_things_in_that_name(string sql, string? carried)
    {
        var cleaned = Clean(Right("DEFAULT ACL", "ALTER DEFAULT PRIVILEGES " + sql, "main"), Table(2, "main"));

        Assert.Equal(carried, cleaned.Rights.SingleOrDefault() is { } one ? $"{one.Statement}" : null);
    }

    [Fact]
    public void What_an_owner_took_from_himself_is_not_taken_from_whoever_gets_the_object()
    {
        var cleaned = Clean(
            Right("ACL", "REVOKE ALL ON SCHEMA public FROM rdsadmin;\nGRANT ALL ON SCHEMA public TO PUBLIC;",
                "rdsadmin"), Table(2, "main"));

        Assert.Equal("GRANT ALL ON SCHEMA public TO PUBLIC", $"{cleaned.Rights.Single().Statement}");
    }

    [Fact]
    public void Owners_come_behind_the_rights_and_schemas_last()
    {
        var schema = new TocEntry
        {
            DumpId = 1, Tag = ArchiveText.Of("s"), Description = ArchiveText.Of("SCHEMA"),
            Section = ArchiveSection.PreData,
            DropStatement = ArchiveText.Of("DROP SCHEMA s;\n"), Owner = ArchiveText.Of("mine"),
        };

        var cleaned = Clean(schema, Table(2, "mine"), Table(3, "me"), Table(4, "gone"), Table(5, "main"),
            Table(6, "main"), Right("ACL", "GRANT SELECT ON TABLE public.t TO PUBLIC;", "mine"));

        Assert.Equal(
            ["GRANT SELECT ON TABLE public.t TO PUBLIC", "ALTER TABLE public.t2 OWNER TO \"mine\"",
                "ALTER SCHEMA s OWNER TO \"mine\""],
            cleaned.Rights.Select(one => $"{one.Statement}"));
        Assert.Equal("ALTER TABLE public.t4 OWNER TO \"gone\";\n", $"{cleaned.LeftOut.Single().Statement}");
        Assert.All(cleaned.Head.Entries, entry => Assert.Equal(0, entry.Owner?.Length));
    }

    private static CleanedContents Clean(params TocEntry[] entries) => ArchiveCleaner.Clean(
        Forge.Head(ArchiveCompression.Gzip, entries),
        new()
        {
            Roles = new HashSet<string> { "here", "me", "mine" },
            Owners = new HashSet<string> { "me", "mine" }, User = "me",
            RoleMap = RoleMap.Parse(["mapped=here", "to_me=CURRENT_USER", "to_all=PUBLIC"], out _),
        });

    private static TocEntry Right(string kind, string sql, string owner) => new()
    {
        DumpId = 90, Tag = ArchiveText.Of("TABLE t"), Description = ArchiveText.Of(kind), Section = ArchiveSection.None,
        Definition = ArchiveText.Of(sql + "\n"), Namespace = ArchiveText.Of("public"), Owner = ArchiveText.Of(owner),
    };

    private static TocEntry Table(int id, string owner) => new()
    {
        DumpId = id, Tag = ArchiveText.Of($"t{id}"), Description = ArchiveText.Of("TABLE"),
        Section = ArchiveSection.PreData,
        Definition = ArchiveText.Of($"CREATE TABLE public.t{id} ();\n"),
        DropStatement = ArchiveText.Of($"DROP TABLE public.t{id};\n"),
        Namespace = ArchiveText.Of("public"), Owner = ArchiveText.Of(owner),
    };
}
