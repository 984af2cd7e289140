using Godwit.App.Cli;
using Godwit.App.Cli.Screens;
using Godwit.Proof;
using Godwit.Report;
using Godwit.Tests.Tidy;
using Godwit.Verify;

namespace Godwit.Tests.Verify;

/// <summary>One verdict, on the screen, on a page and for programs.</summary>
public sealed class VerdictFacesTests
{
    public static TheoryData<string> Names => ["differs", "proven", "proven-except", "not-proven"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_screen_shows_what_differs_and_sums_up_in_one_line(string name)
    {
        using var text = new StringWriter();
        new VerifyScreen(text).Show(Of(name).Read(), listsAll: false);
        Golden.Check($"verdict-{name}.txt", text.ToString());
    }

    [Theory]
    [InlineData("differs")]
    [InlineData("proven-except")]
    public void A_page_shows_the_same(string name) => Golden.Check($"verdict-{name}.html", ProofPage.Write(
        (Of(name) with
        {
            Tables = [.. Of(name).Tables.Where(table =>
                !table.Table.StartsWith("public.t_", StringComparison.Ordinal))],
        }).Read(), "0.1.0+2b47ab8b2bde"));

    [Fact]
    public void Five_hundred_equal_tables_do_not_drown_what_differs()
    {
        using var text = new StringWriter();
        new VerifyScreen(text).Show(Verdicts.Differs.Read(), listsAll: false);
        Assert.DoesNotContain("public.t_250", text.ToString(), StringComparison.Ordinal);
        Assert.InRange(text.ToString().Split('\n').Length, 30, 80);

        new VerifyScreen(text).Show(Verdicts.Differs.Read(), listsAll: true);
        Assert.Contains("✓ public.t_250", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_objects_that_differ_are_not_counted_as_a_table() =>
        Assert.Equal("3 of 503 tables, the large objects and 3 of 1,234 objects of the schema",
            VerdictWords.Differences(Verdicts.Differs));

    /// <summary>A hash has 64 bits, of which a program that reads numbers as floats would lose eleven.</summary>
    [Fact]
    public void The_JSON_holds_all_of_it()
    {
        var proof = Verdicts.Differs.Read();
        var orders = proof.Tables.Single(table => table.Table == "public.orders");
        Assert.Equal((0xf00dfeedf00dfeed, 0x0123456789abcdefUL), (orders.SourceHash!.Value, orders.TargetHash!.Value));
        Assert.Equal(504, proof.Tables.Count);
        Assert.Equal(31, ProofWords.Hidden(orders.Rows!));
    }

    /// <summary>These were written by the version before there was one shape for all.</summary>
    [Theory]
    [InlineData("proven")]
    [InlineData("proven-created-app")]
    [InlineData("rehearsed")]
    public void A_verdict_that_was_written_before_is_written_the_same_today(string run)
    {
        var written = File.ReadAllText(
            Path.Combine(Repository.Root, "test", "Godwit.Tests", "Journal", "Older", run, "verdict.json")).TrimEnd();
        Assert.Equal(written, VerdictJson.Write(VerdictJson.Read(written)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_exit_code_is_the_verdicts(string name) =>
        Assert.Equal(name switch { "differs" => 1, "not-proven" => 3, _ => 0 }, ExitCodes.Of(Of(name).Overall));

    private static Verdict Of(string name) => name switch
    {
        "differs" => Verdicts.Differs,
        "proven" => Verdicts.Proven,
        "proven-except" => Verdicts.ProvenExcept,
        _ => Verdicts.NotProven,
    };
}
