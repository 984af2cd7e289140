using System.Text;
using Godwit.Extract.Cleaning;
using Godwit.PgArchive;
using Godwit.Providers;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Extract.Cleaning;

public sealed class ArchiveCleanerTests
{
    public static TheoryData<string> RealArchives => [.. Samples.All];

    [Theory]
    [MemberData(nameof(RealArchives))]
    public async Task A_real_archive_loses_what_an_ordinary_owner_may_not_restore_and_nothing_else(string name)
    {
        var before = await Samples.HeadAsync(name);

        var cleaned = ArchiveCleaner.Clean(before, Rules());
        var (after, leftOut, rights) = (cleaned.Head, cleaned.LeftOut, cleaned.Rights);

        var gone = before.Entries.Select(entry => $"{entry}").Except(after.Entries.Select(entry => $"{entry}"));
        Assert.Equal(["ACL public TABLE orders", "COMMENT EXTENSION hstore"], gone.Order(StringComparer.Ordinal));
        Assert.Equal([LeftOutKind.ExtensionComment], leftOut.Select(one => one.Kind));
        Assert.Equal("GRANT SELECT ON TABLE public.orders TO PUBLIC", $"{rights.Single().Statement}");
        Assert.DoesNotContain(after.Entries, entry => entry.Owner is { Length: > 0 });
        Assert.Equal(after.Entries, (await Samples.HeadAsync([.. Samples.Written(after)])).Entries.Select((entry, i) =>
            entry with { Dependencies = after.Entries[i].Dependencies }));
    }

    [Fact]
    public void What_belongs_to_replication_superusers_and_modules_goes_with_its_parts()
    {
        var (after, leftOut) = Clean(
            Rules(),
            Object(1, "FUNCTION", "told()", "CREATE FUNCTION public.told() RETURNS event_trigger;\n"),
            Object(2, "EVENT TRIGGER", "tell", "CREATE EVENT TRIGGER tell;\n", 1),
            Object(3, "COMMENT", "EVENT TRIGGER tell", "COMMENT ON EVENT TRIGGER tell IS 'x';\n", 2),
            Object(4, "PUBLICATION", "p", "CREATE PUBLICATION p;\n"),
            Object(5, "PUBLICATION TABLE", "p t", "ALTER PUBLICATION p ADD TABLE ONLY public.t;\n", 4),
            Object(6, "PUBLICATION TABLES IN SCHEMA", "p s", "ALTER PUBLICATION p ADD TABLES IN SCHEMA s;\n", 4),
            Object(7, "SUBSCRIPTION", "s",
                "CREATE SUBSCRIPTION s CONNECTION 'password=geheim' PUBLICATION p WITH (connect = false);\n"),
            Object(8, "SECURITY LABEL", "COLUMN t.a", "SECURITY LABEL FOR anon ON COLUMN public.t.a IS 'MASKED';\n"),
            Object(9, "DEFAULT ACL", "DEFAULT PRIVILEGES FOR TABLES",
                "ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b;\n"));

        Assert.Equal([1], after.Entries.Select(entry => entry.DumpId));
        Assert.Equal(
            [LeftOutKind.EventTrigger, LeftOutKind.Publication, LeftOutKind.Subscription, LeftOutKind.SecurityLabel,
                LeftOutKind.DefaultPrivileges, LeftOutKind.Part, LeftOutKind.Part, LeftOutKind.Part],
            leftOut.Select(one => one.Kind));
    }

    [Theory]
    [InlineData("SELECT public.dblink('host=h password=geheim'::text), E'plain'",
        "SELECT public.dblink('***'::text), E'plain'")]
    [InlineData("SELECT 'https://u:geheim@h/', 'https://h:80/'", "SELECT '***', 'https://h:80/'")]
    [InlineData("AS $_$ SELECT 'Authorization: BEARER geheim', 'a' $_$", "AS $_$ SELECT '***', 'a' $_$")]
    [InlineData("AS $$ SELECT $a$api-key geheim$a$ $$", "AS $$ SELECT '***' $$")]
    [InlineData("AS $$ x.password = 'geheim' $$ LANGUAGE sql", "AS '***' LANGUAGE sql")]
    [InlineData("WHERE password = given", "WHERE password = given")]
    public void What_looks_like_a_password_is_masked_in_everything_that_is_left_out(string sql, string shown)
    {
        var (_, leftOut) = Clean(Rules(), Object(1, "EVENT TRIGGER", "e", sql));

        Assert.Equal(shown, $"{leftOut.Single().Statement}");
    }

    [Fact]
    public void Tablespaces_and_owners_are_told_as_the_statements_that_would_give_them_back()
    {
        var (after, leftOut) = Clean(
            Rules(),
            Object(1, "TABLE", "a", "CREATE TABLE public.a ();\n") with
            {
                Owner = ArchiveText.Of("main"),
                DropStatement = ArchiveText.Of("DROP TABLE public.a;\n"),
                Tablespace = ArchiveText.Of("fast"),
            },
            Object(2, "TABLE", "b", "CREATE TABLE public.b ();\n") with { Owner = ArchiveText.Of("main") },
            Object(3, "FUNCTION", "f(integer)", "CREATE FUNCTION public.f(integer);\n") with
            {
                Owner = ArchiveText.Of("Odd one"),
                DropStatement = ArchiveText.Of("DROP FUNCTION public.f(integer);\n"),
            },
            Object(4, "CONSTRAINT", "a a_pkey", "ALTER TABLE ONLY public.a ADD PRIMARY KEY;\n") with
            {
                Namespace = ArchiveText.Of("public"),
                DropStatement = ArchiveText.Of("ALTER TABLE ONLY public.a DROP CONSTRAINT a_pkey;\n"),
                Tablespace = ArchiveText.Of("fast"),
                Owner = ArchiveText.Of("main"),
            });

        Assert.All(after.Entries, entry => Assert.Equal((0, 0), (entry.Owner?.Length, entry.Tablespace?.Length ?? 0)));
        Assert.Equal(
            ["ALTER TABLE public.a SET TABLESPACE \"fast\";\n",
                "ALTER INDEX \"public\".\"a_pkey\" SET TABLESPACE \"fast\";\n",
                "ALTER FUNCTION public.f(integer) OWNER TO \"Odd one\";\n"],
            leftOut.Select(one => $"{one.Statement}"));
    }

    [Theory]
    [InlineData("CREATE POLICY p ON public.t USING (true);\n", null)]
    [InlineData("CREATE POLICY p ON public.t TO here USING (true);\n", null)]
    [InlineData("CREATE POLICY p ON public.t TO gone USING (true);\n", "gone")]
    [InlineData("CREATE POLICY p ON public.t FOR SELECT TO here, \"Old \"\"one\" USING ((a = ' TO gone'::text));\n",
        "Old \"one")]
    [InlineData("CREATE POLICY \" TO gone\" ON public.t AS RESTRICTIVE FOR UPDATE USING (true) "
        + "WITH CHECK ((b = ' TO gone'::text));\n", null)]
    [InlineData("CREATE POLICY \"to\" ON \" TO \".\"TO\" TO here WITH CHECK (true);\n", null)]
    [InlineData("CREATE POLICY p ON public.t TO gone;\n", "gone")]
    [InlineData("CREATE POLICY \"to\" ON \"public\".\"t\" FOR SELECT TO \"here\", \"gone\" USING ((\"using\" > 0));\n",
        "gone")]
    [InlineData("CREATE POLICY \"p\" ON \"public\".\"t\" TO \"here\" USING (true);\n", null)]
    public void A_policy_goes_when_one_of_its_roles_is_not_at_the_target(string sql, string? lost)
    {
        var (after, leftOut) = Clean(Rules("here"), Object(1, "POLICY", "t p", sql));

        Assert.Equal(lost is null ? 1 : 0, after.Entries.Length);
        Assert.Equal(lost is null ? [] : [$"the target has no role {lost}"], leftOut.Select(one => one.Reason));
    }

    [Theory]
    [InlineData("CREATE POLICY p ON public.t TO gone, here USING (true);\n", "gone=CURRENT_USER",
        "CREATE POLICY p ON public.t TO CURRENT_USER, \"here\" USING (true);\n")]
    [InlineData("CREATE POLICY \"p\" ON \"public\".\"t\" TO \"gone\", \"here\" USING ((\"a\" > 0));\n",
        "gone=CURRENT_USER",
        "CREATE POLICY \"p\" ON \"public\".\"t\" TO CURRENT_USER, \"here\" USING ((\"a\" > 0));\n")]
    [InlineData("CREATE POLICY p ON public.t TO gone, here USING (true);\n", "gone=here",
        "CREATE POLICY p ON public.t TO \"here\" USING (true);\n")]
    [InlineData("CREATE POLICY p ON public.t TO gone, here;\n", "gone=public",
        "CREATE POLICY p ON public.t TO PUBLIC;\n")]
    [InlineData(
        "CREATE POLICY \" TO gone\" ON public.t AS RESTRICTIVE FOR ALL TO \"Old \"\"one\" "
        + "USING ((a = ' TO gone'::text));\n", "Old \"one=New \"one",
        "CREATE POLICY \" TO gone\" ON public.t AS RESTRICTIVE FOR ALL TO \"New \"\"one\" "
        + "USING ((a = ' TO gone'::text));\n")]
    public void A_policy_stays_with_the_roles_that_were_put_in_the_place_of_lost_ones(
        string sql, string map, string expected)
    {
        var (after, leftOut) = Clean(Rules("here") with { RoleMap = RoleMap.Parse([map], out _) },
            Object(1, "POLICY", "t p", sql));

        Assert.Equal(expected, $"{after.Entries.Single().Definition}");
        Assert.Equal((LeftOutKind.Policy, sql, expected),
            (leftOut.Single().Kind, $"{leftOut.Single().Statement}", $"{leftOut.Single().Instead}"));
    }

    [Fact]
    public void Names_in_the_former_schema_of_extensions_are_rewritten_and_what_is_said_in_quotes_is_not()
    {
        var (after, leftOut) = Clean(
            Rules(),
            Object(1, "SCHEMA", "heroku_ext", "CREATE SCHEMA heroku_ext;\n"),
            Object(2, "EXTENSION", "citext", "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA heroku_ext;\n", 1),
            Object(3, "TABLE", "t",
                "CREATE TABLE public.t (\n    n heroku_ext.citext DEFAULT 'heroku_ext.x'::heroku_ext.citext,\n"
                + "    \"heroku_ext\" integer,\n    heroku_ext_too \"heroku_ext\".citext\n);\n", 2),
            Object(4, "FUNCTION", "f(heroku_ext.citext)", "CREATE FUNCTION public.f(heroku_ext.citext) RETURNS text\n"
                + "    AS $_$ SELECT heroku_ext.x(), 'heroku_ext.y', \"heroku_ext\".z, a.heroku_ext.b $_$;\n") with
            {
                DropStatement = ArchiveText.Of("DROP FUNCTION public.f(heroku_ext.citext);\n"),
            });

        Assert.Equal([2, 3, 4], after.Entries.Select(entry => entry.DumpId));
        Assert.Equal("CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;\n", $"{after.Entries[0].Definition}");
        Assert.Equal("CREATE TABLE public.t (\n    n public.citext DEFAULT 'heroku_ext.x'::public.citext,\n"
            + "    \"heroku_ext\" integer,\n    heroku_ext_too public.citext\n);\n", $"{after.Entries[1].Definition}");
        Assert.Equal("CREATE FUNCTION public.f(public.citext) RETURNS text\n    AS $_$ "
            + "SELECT public.x(), 'heroku_ext.y', public.z, a.heroku_ext.b $_$;\n", $"{after.Entries[2].Definition}");
        Assert.Equal("DROP FUNCTION public.f(public.citext);\n", $"{after.Entries[2].DropStatement}");
        Assert.Equal(4, leftOut.Count(one => one.Kind == LeftOutKind.HerokuExt));
    }

    /// <summary>As pg_dump writes names when it is told to quote all of them.</summary>
    [Fact]
    public void Quoted_names_are_read_like_others_and_told_without_quotes()
    {
        var (after, leftOut) = Clean(
            Rules("here") with { RoleMap = RoleMap.Parse(["mapped=CURRENT_USER"], out _) },
            Object(1, "EXTENSION", "citext", "CREATE EXTENSION IF NOT EXISTS \"citext\" WITH SCHEMA \"heroku_ext\";\n"),
            Object(2, "COMMENT", "EXTENSION \"citext\"", "COMMENT ON EXTENSION \"citext\" IS 'x';\n", 1),
            Object(3, "TABLE", "t",
                "CREATE TABLE \"public\".\"t\" (\n    \"heroku_ext\" \"heroku_ext\".\"citext\"\n);\n", 1) with
            {
                Tablespace = ArchiveText.Of("fast"),
                DropStatement = ArchiveText.Of("DROP TABLE \"public\".\"t\";\n"),
            },
            Object(4, "USER MAPPING", "USER MAPPING public SERVER s", Mapping("\"public\"")),
            Object(5, "USER MAPPING", "USER MAPPING mapped SERVER s", Mapping("\"mapped\"")),
            Object(6, "ACL", "FUNCTION \"f\"(\"text\", \"Odd\".\"One\")",
                "GRANT ALL ON FUNCTION \"public\".\"f\"() TO \"gone\";\n"));

        Assert.Equal([1, 3, 4, 5], after.Entries.Select(entry => entry.DumpId));
        Assert.Equal("CREATE EXTENSION IF NOT EXISTS \"citext\" WITH SCHEMA public;\n",
            $"{after.Entries[0].Definition}");
        Assert.Equal("CREATE TABLE \"public\".\"t\" (\n    \"heroku_ext\" public.\"citext\"\n);\n",
            $"{after.Entries[1].Definition}");
        Assert.Contains("FOR CURRENT_USER SERVER", $"{after.Entries[3].Definition}", StringComparison.Ordinal);
        Assert.Equal("citext", $"{leftOut.Single(one => one.Kind == LeftOutKind.ExtensionComment).Name}");
        Assert.Equal("FUNCTION f(text, \"Odd\".\"One\")",
            $"{leftOut.Single(one => one.Kind == LeftOutKind.Grant).Name}");
        Assert.Equal("ALTER TABLE \"public\".\"t\" SET TABLESPACE \"fast\";\n",
            $"{leftOut.Single(one => one.Kind == LeftOutKind.Tablespace).Statement}");
    }

    /// <summary>pg_dump writes it when it is told to quote all names, and only the owner of the schema may set
    /// it.</summary>
    [Theory]
    [InlineData("", "COMMENT ON SCHEMA \"public\" IS 'standard public schema';\n", 1)]
    [InlineData("", "COMMENT ON SCHEMA \"public\" IS 'Ours';\n", 2)]
    [InlineData("-- *not* creating schema, since initdb creates it\n",
        "COMMENT ON SCHEMA \"public\" IS 'standard public schema';\n", 1)]
    [InlineData("CREATE SCHEMA \"public\";\n", "COMMENT ON SCHEMA \"public\" IS 'standard public schema';\n", 2)]
    public void The_comment_that_every_database_is_born_with_is_left_out_without_a_word(
        string schema, string comment, int left)
    {
        var head = Forge.Head(ArchiveCompression.Gzip, Object(1, "SCHEMA", "public", schema),
            Object(2, "COMMENT", "SCHEMA \"public\"", comment));

        var (after, leftOut) = ArchiveCleaner.Clean(head, rules: null);

        Assert.Equal(left, after.Entries.Length);
        Assert.Empty(leftOut);
        Assert.Equal(left == 2, ReferenceEquals(head, after));
    }

    [Fact]
    public void The_former_schema_of_extensions_stays_when_somebody_keeps_tables_in_it()
    {
        var (after, leftOut) = Clean(
            Rules(),
            Object(1, "SCHEMA", "heroku_ext", "CREATE SCHEMA heroku_ext;\n"),
            Object(2, "TABLE", "t", "CREATE TABLE heroku_ext.t ();\n", 1) with
            {
                Namespace = ArchiveText.Of("heroku_ext"),
            });

        Assert.Equal(2, after.Entries.Length);
        Assert.Empty(leftOut);
    }

    [Fact]
    public void No_password_of_a_user_mapping_a_subscription_or_a_server_is_ever_shown()
    {
        var (after, leftOut) = Clean(
            Rules("here") with
            {
                Extensions = new Dictionary<uint, string> { [16387] = "gone" },
                RoleMap = RoleMap.Parse(["mapped=CURRENT_USER"], out _),
            },
            Object(1, "EXTENSION", "x", "CREATE EXTENSION x;\n") with { Oid = 16387 },
            Object(2, "SERVER", "s",
                "CREATE SERVER s TYPE 'geheim' FOREIGN DATA WRAPPER x OPTIONS (\n    host 'db.example.com',\n"
                + "    api_key 'geheim',\n    \"Key\" E'ge\\\\heim\\'geheim'\n);\n", 1),
            Object(3, "USER MAPPING", "USER MAPPING here SERVER other", Mapping("here")),
            Object(4, "USER MAPPING", "USER MAPPING public SERVER other", Mapping("public")),
            Object(5, "USER MAPPING", "USER MAPPING gone SERVER other", Mapping("gone")),
            Object(6, "USER MAPPING", "USER MAPPING mapped SERVER other", Mapping("mapped")),
            Object(7, "SUBSCRIPTION", "s",
                "CREATE SUBSCRIPTION s CONNECTION 'host=a password=''geheim''' PUBLICATION \"geheimnis\" "
                + "WITH (slot_name = 'geheim');\n"),
            Object(8, "SUBSCRIPTION", "u", "CREATE SUBSCRIPTION u CONNECTION 'host=a password=geheim"));

        Assert.Equal([3, 4, 6], after.Entries.Select(entry => entry.DumpId));
        Assert.Contains("FOR CURRENT_USER SERVER", $"{after.Entries[2].Definition}", StringComparison.Ordinal);
        Assert.Contains("geheim", $"{after.Entries[2].Definition}", StringComparison.Ordinal);
        var list = Encoding.UTF8.GetString(LeftOutFile.Render(new(after, leftOut)).Span);
        Assert.DoesNotContain("geheim", list.Replace("geheimnis", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Contains("host 'db.example.com'", list, StringComparison.Ordinal);
        Assert.Contains("password '***'", list, StringComparison.Ordinal);
    }

    internal static CleaningRules Rules(params string[] roles) =>
        new() { Roles = roles.ToHashSet(StringComparer.Ordinal) };

    internal static CleanedContents Clean(CleaningRules rules, params TocEntry[] entries) =>
        ArchiveCleaner.Clean(Forge.Head(ArchiveCompression.Gzip, entries), rules);

    internal static TocEntry Object(int id, string kind, string name, string definition, params int[] dependencies) =>
        Forge.Object(id, kind, name, dependencies) with { Definition = ArchiveText.Of(definition) };

    private static string Mapping(string role) => $"CREATE USER MAPPING FOR {role} SERVER other OPTIONS (\n"
        + "    password 'ge''heim geheim',\n    \"user\" 'geheim'\n);\n";
}
