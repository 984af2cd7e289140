using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Verify;

/// <summary>Verify expects what a copy or a restore left out, and reports it.</summary>
public sealed class LeftOutVerifyTests(OtherServers servers)
{
    private const string Known = "left out is expected";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_copy_left_out_is_expected_by_itself_by_its_file_or_not_at_all()
    {
        await using var rig = await RigAsync();
        var file = rig.NewFile("left-out.sql");

        (await CopyAsync(rig, "--left-out", file)).Expect(0);

        var end = (await rig.VerifyAsync()).Expect(0);
        Assert.Contains("what the copy of ", end.Error, StringComparison.Ordinal);
        Assert.Contains(Known, end.Error, StringComparison.Ordinal);
        Assert.Contains("news", end.Output, StringComparison.Ordinal);
        var kept = Assert.Single(Directory.EnumerateFiles(Path.Combine(rig.Folder, "home", "copies")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        Assert.DoesNotContain(Known, (await rig.VerifyAsync("--left-out", "none")).Expect(1).Says("news").Error,
            StringComparison.Ordinal);
        var elsewhere = new Dictionary<string, Secret?> { ["GODWIT_HOME"] = new(rig.NewFile("another-machine")) };
        string[] verify = ["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"];
        (await rig.RunAsync(verify, elsewhere)).Expect(1);
        (await rig.RunAsync([.. verify, "--left-out", file, "--json"], elsewhere)).Expect(0);
        (await rig.VerifyAsync("--left-out", rig.NewFile("nowhere.sql"))).Expect(2).Says("--left-out names");
        await File.WriteAllTextAsync(Path.ChangeExtension(file, ".json"), "{", Ct);
        (await rig.VerifyAsync("--left-out", file)).Expect(2).Says("cli.left_out_unreadable");
        await File.WriteAllTextAsync(kept, "{", Ct);
        (await rig.VerifyAsync()).Expect(1).Says("cli.last_copy_unreadable");
    }

    [Fact]
    public async Task It_is_listed_as_expected_and_is_equal_where_somebody_has_made_it_since()
    {
        await using var rig = await RigAsync();
        (await CopyAsync(rig)).Expect(0);
        Assert.Equal("expected", await OutcomeOfPublicationAsync(rig));

        await rig.AtTargetAsync("CREATE PUBLICATION news FOR TABLE orders", asOwner: false);
        Assert.Null(await OutcomeOfPublicationAsync(rig));
        await rig.AtTargetAsync(
            "DROP PUBLICATION news; CREATE PUBLICATION extra FOR TABLE log; DROP TRIGGER shout ON orders",
            asOwner: false);

        // Only left-out objects are expected.
        (await rig.VerifyAsync()).Expect(1).Says("shout").Says("extra");
    }

    [Fact]
    public async Task It_holds_for_the_source_that_was_copied_and_for_no_other()
    {
        await using var rig = await RigAsync();
        await using var other = await RigAsync();
        (await CopyAsync(rig)).Expect(0);

        var otherSource = new Dictionary<string, Secret?>
        {
            ["SOURCE_URL"] = other.Source.Url(other.Name, other.Name, other.Addresses.Source.Password!),
        };
        var end = (await rig.RunAsync(["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"], otherSource))
            .Expect(1);

        Assert.DoesNotContain(Known, end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_restore_left_out_is_expected_too_and_a_copy_of_rows_alone_forgets_nothing()
    {
        await using var rig = await RigAsync();
        var dump = rig.NewFile("shop.dump");
        (await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", dump, "--jobs", "2"])).Expect(0);
        (await rig.RunAsync(["restore", dump, "--to", "env:TARGET_URL"])).Expect(0).Says("news");
        (await rig.VerifyAsync()).Expect(0).Says("what the restore of ");
        File.Delete(dump);

        await rig.AtTargetAsync(
            "TRUNCATE customers, orders, log, tree; SELECT lo_unlink(oid) FROM pg_largeobject_metadata");
        (await CopyAsync(rig, "--data-only")).Expect(0);

        (await rig.VerifyAsync()).Expect(0).Says("what the restore of ");
    }

    [Fact]
    public async Task Where_nothing_can_be_kept_the_copy_says_so_and_is_whole()
    {
        await using var rig = await RigAsync();
        var file = rig.NewFile("no-folder");
        await File.WriteAllTextAsync(file, "", Ct);

        (await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"],
            new Dictionary<string, Secret?> { ["GODWIT_HOME"] = new(file) }))
                .Expect(0).Says("could not be noted for godwit verify");
    }

    /// <summary>Null: equal.</summary>
    private static async Task<string?> OutcomeOfPublicationAsync(VerifyRig rig) => JsonNode
        .Parse((await rig.VerifyAsync("--json")).Expect(0).Output)!["objects"]!.AsArray()
        .SingleOrDefault(one => one!["class"]!.GetValue<string>() == "publication")?["outcome"]!.GetValue<string>();

    /// <summary>A publication needs a superuser, or a role that owns more than its tables. So every copy leaves it
    /// out.</summary>
    private async Task<VerifyRig> RigAsync()
    {
        var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13), await servers.OfMajorAsync(17),
            VerifyRig.Script);
        await rig.AtSourceAsync("CREATE PUBLICATION news FOR TABLE orders", asOwner: false);
        return rig;
    }

    private static Task<GodwitEnd> CopyAsync(VerifyRig rig, params string[] more) =>
        rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]);
}
