using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>Texts that the target would refuse, sort or read otherwise are found before it does.</summary>
public sealed class TextTests(OtherServers servers)
{
    private const string Bytes = "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'";

    private static readonly AssessRequest Deep = new() { IsDeep = true };

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Texts_without_an_encoding_stand_in_the_way_until_each_was_looked_at(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major), Bytes);
        await rig.ExecuteAsOwnerAsync(
            @"CREATE TABLE public.notes (id int, t text[]);
            INSERT INTO public.notes
            VALUES (1, '{plain}'), (2, ARRAY[E'gr\xc3\xbcn']), (3, ARRAY[E'\xf0\x9f\x90\xa6 \\'])");

        Assert.Equal(Severity.Blocker, (await rig.FindsAsync("assess.encoding_unknown")).Severity);
        await rig.FindsNoAsync("assess.encoding_unknown", Deep);
        await rig.FindsNoAsync("assess.encoding_invalid", Deep);
    }

    [Theory]
    [InlineData(@"gr\xfcn")]
    [InlineData(@"\xed\xa0\x80")]
    [InlineData(@"cut off \xe2\x82")]
    public async Task Bytes_that_are_no_UTF8_are_found_in_their_table_and_can_be_put_right(string text)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15), Bytes);
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.notes (id int, t text); "
            + $"INSERT INTO public.notes VALUES (1, 'plain'), (2, E'{text}')");

        var finding = await rig.FindsAsync("assess.encoding_invalid", Deep);

        Assert.Contains("public.notes (1 row)", finding.What, StringComparison.Ordinal);
        var statement = finding.Remedy[finding.Remedy.IndexOf("UPDATE", StringComparison.Ordinal)..];
        await rig.ExecuteAsOwnerAsync(statement.Replace("name_of_table", "public.notes", StringComparison.Ordinal)
            .Replace("name_of_column", "t", StringComparison.Ordinal)
            .Replace("WIN1252", "LATIN1", StringComparison.Ordinal));
        await rig.FindsNoAsync("assess.encoding_invalid", Deep);
    }

    [Fact]
    public async Task Another_encoding_is_converted_and_tried_where_that_is_wished()
    {
        var server = await servers.OfMajorAsync(15);
        await using var rig = await AssessRig.CreateAsync(server, "ENCODING 'WIN1252' LC_COLLATE 'C' LC_CTYPE 'C'");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.notes (t text); INSERT INTO public.notes VALUES ('grün €')");

        var finding = await rig.FindsAsync("assess.encoding_differs");
        await rig.FindsNoAsync("assess.encoding_inconvertible", Deep);

        Assert.Equal("Texts are converted from WIN1252 to UTF8", finding.What);
        // Five of its bytes are no characters, and it takes them all the same.
        await rig.ExecuteAsOwnerAsync("INSERT INTO public.notes SELECT pg_catalog.convert_from('\\x81', 'WIN1252')");
        Assert.Contains("public.notes", (await rig.FindsAsync("assess.encoding_inconvertible", Deep)).What,
            StringComparison.Ordinal);
        await using var target = await AssessRig.CreateAsync(server, "ENCODING 'WIN1252' LC_COLLATE 'C' LC_CTYPE 'C'");
        await rig.FindsNoAsync("assess.encoding_differs", target: new PostgresTarget(target.Address));
    }

    [Fact]
    public async Task UTF8_needs_no_words()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.notes (t text); INSERT INTO public.notes VALUES ('grün')");

        Assert.DoesNotContain((await rig.AssessAsync(Deep)).Findings,
            finding => finding.Code.StartsWith("assess.encoding", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_order_by_bytes_differs_from_Herokus_and_from_a_targets_by_ICU()
    {
        var server = await servers.OfMajorAsync(15);
        await using var rig = await AssessRig.CreateAsync(server);
        await using var target = await AssessRig.CreateAsync(server,
            "LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'");
        await using var alike = await AssessRig.CreateAsync(server, "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
        await rig.FindsNoAsync("assess.sort_order_bytes");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.names (name text)");

        Assert.Contains("en_US.UTF-8 (Heroku's usual) at the target",
            (await rig.FindsAsync("assess.sort_order_bytes")).What, StringComparison.Ordinal);
        Assert.Contains("ICU de at the target", (await rig.FindsAsync("assess.sort_order_bytes",
            target: new PostgresTarget(target.Address))).What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.sort_order_bytes", target: new PostgresTarget(alike.Address));
    }

    [Fact]
    public async Task Two_orders_by_language_differ_too()
    {
        var server = await servers.OfMajorAsync(17);
        await using var rig = await AssessRig.CreateAsync(server,
            "LOCALE_PROVIDER icu ICU_LOCALE 'sv' LOCALE 'C.UTF-8'");
        await using var target = await AssessRig.CreateAsync(server,
            "LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'");
        await using var alike = await AssessRig.CreateAsync(server,
            "LOCALE_PROVIDER icu ICU_LOCALE 'sv' LOCALE 'C.UTF-8'");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.names (name text)");

        Assert.Contains("ICU de at the target, by ICU sv at the source", (await rig.FindsAsync("assess.sort_order",
            target: new PostgresTarget(target.Address))).What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.sort_order", target: new PostgresTarget(alike.Address));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task Ranges_of_texts_that_the_order_cuts_stand_in_the_way(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.by_hash (name text) PARTITION BY HASH (name);
            CREATE TABLE public.by_list (name text) PARTITION BY LIST (name);
            CREATE TABLE public.by_number (n int) PARTITION BY RANGE (n);
            CREATE TABLE public.fixed (name text) PARTITION BY RANGE (name COLLATE "C");
            """);
        await rig.FindsNoAsync("assess.partition_order");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.by_name (name text) PARTITION BY RANGE (name)");

        var finding = await rig.FindsAsync("assess.partition_order");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.EndsWith(": public.by_name", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_fold_letters_are_named_where_the_letters_differ()
    {
        var server = await servers.OfMajorAsync(15);
        await using var rig = await AssessRig.CreateAsync(server, "LC_COLLATE 'C' LC_CTYPE 'C'");
        await rig.ExecuteAsOwnerAsync("CREATE EXTENSION citext; CREATE TABLE public.users (login citext PRIMARY KEY, "
            + "mail text UNIQUE, name text); CREATE UNIQUE INDEX by_name ON public.users (lower(name))");

        var finding = await rig.FindsAsync("assess.folding");

        Assert.Contains("public.users (by_name), public.users (users_pkey)", finding.What, StringComparison.Ordinal);
        Assert.DoesNotContain("mail", finding.What, StringComparison.Ordinal);
        await using var alike = await AssessRig.CreateAsync(server, "LC_COLLATE 'C' LC_CTYPE 'C'");
        await rig.FindsNoAsync("assess.folding", target: new PostgresTarget(alike.Address));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    public async Task Another_version_of_the_sorting_library_is_told_with_what_puts_it_right(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major),
            "LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.names (name text PRIMARY KEY)");
        await rig.FindsNoAsync("assess.collation_version");
        await rig.ExecuteAsync("UPDATE pg_database SET datcollversion = '1.2' WHERE datname = current_database()");

        var finding = await rig.FindsAsync("assess.collation_version");

        Assert.Contains("made with 1.2, now ", finding.What, StringComparison.Ordinal);
        foreach (var statement in
            finding.Remedy[finding.Remedy.IndexOf("REINDEX", StringComparison.Ordinal)..].Split('\n'))
            await rig.ExecuteAsOwnerAsync(statement);
        await rig.FindsNoAsync("assess.collation_version");
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task Another_version_of_a_collation_is_told_with_its_indexes(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("""CREATE COLLATION public.german (PROVIDER = icu, LOCALE = 'de'); """
            + """CREATE TABLE public.names (name text COLLATE public.german)""");
        await rig.ExecuteAsync("UPDATE pg_collation SET collversion = '1.2' WHERE collname = 'german'");
        await rig.FindsNoAsync("assess.collation_version");
        await rig.ExecuteAsOwnerAsync("CREATE INDEX by_name ON public.names (name)");

        var finding = await rig.FindsAsync("assess.collation_version");

        Assert.EndsWith("REINDEX INDEX CONCURRENTLY public.by_name;\nALTER COLLATION public.german REFRESH VERSION;",
            finding.Remedy, StringComparison.Ordinal);
        await rig.ExecuteAsOwnerAsync("ALTER COLLATION public.german REFRESH VERSION");
        await rig.FindsNoAsync("assess.collation_version");
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task Collations_that_the_target_lacks_are_named_with_their_columns(int major)
    {
        var server = await servers.OfMajorAsync(major);
        await using var rig = await AssessRig.CreateAsync(server);
        await using var target = await AssessRig.CreateAsync(server);
        await rig.ExecuteAsOwnerAsync("""
            CREATE COLLATION public.any_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
            CREATE TABLE public.names (a text COLLATE "de-x-icu", b text COLLATE "C", c text COLLATE public.any_case);
            """);
        await rig.FindsNoAsync("assess.collation_missing", target: new PostgresTarget(target.Address));
        await target.ExecuteAsync("DELETE FROM pg_collation WHERE collname = 'de-x-icu'");

        var finding = await rig.FindsAsync("assess.collation_missing", target: new PostgresTarget(target.Address));

        Assert.EndsWith("(ICU de) of public.names.a", finding.What, StringComparison.Ordinal);
        await target.ExecuteAsync("DELETE FROM pg_collation WHERE collprovider = 'i'");
        Assert.Contains("public.any_case (ICU und-u-ks-level2) of public.names.c",
            (await rig.FindsAsync("assess.collation_missing", target: new PostgresTarget(target.Address))).What,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amounts_of_money_that_the_target_reads_otherwise_stand_in_the_way()
    {
        var server = await servers.OfMajorAsync(15);
        await using var rig = await AssessRig.CreateAsync(server);
        await using var target = await AssessRig.CreateAsync(server);
        await rig.ExecuteAsOwnerAsync("CREATE DOMAIN public.price AS money; "
            + "CREATE TABLE public.prices (net money, gross public.price, all_of_them money[])");
        await rig.FindsNoAsync("assess.money");
        await rig.FindsNoAsync("assess.money", target: new PostgresTarget(target.Address));
        // No other locale is to be had on every machine; the function that lc_monetary decides about can be
        // another one.
        await target.ExecuteAsync("""
            CREATE FUNCTION public.euros(money) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '1.234.567,89 €' $$;
            CREATE CAST (money AS text) WITH FUNCTION public.euros(money);
            """);

        var finding = await rig.FindsAsync("assess.money", target: new PostgresTarget(target.Address));

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.EndsWith(": public.prices.all_of_them, public.prices.gross, public.prices.net", finding.What,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Columns_that_name_objects_of_the_database_are_told(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.plain (o oid, t text)");
        await rig.FindsNoAsync("assess.references");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.audit (who regrole, what regclass[])");

        Assert.EndsWith(": public.audit.what (regclass), public.audit.who (regrole)",
            (await rig.FindsAsync("assess.references")).What, StringComparison.Ordinal);
    }
}
