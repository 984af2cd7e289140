using System.Text;
using System.Text.Json.Nodes;
using Godwit.App.Web;
using Godwit.PgArchive;
using Godwit.Storage;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Cli;

public sealed class ArchiveCommandTests : IDisposable
{
    private readonly ArchiveWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_list_goes_out_as_its_bytes_and_onto_a_terminal_without_its_tricks()
    {
        var head = await Samples.HeadAsync(Samples.Dump17);
        var tricky = head with
        {
            Entries = [head.Entries[4] with { Tag = ArchiveText.Of([.. "caf"u8, 0xE9, .. "\e[31mred"u8]) }],
        };
        var archive = _world.Write("a.dump", Samples.Written(tricky));
        Assert.Equal(0, await _world.RunAsync(["list", archive]));
        Assert.True(_world.Bytes.AsSpan().IndexOf((byte[])[.. "caf"u8, 0xE9, .. "\e[31mred"u8]) > 0);
        Assert.Equal(0, await _world.RunAsync(["list", archive], isTerminal: true));
        Assert.Contains("caf\uFFFD⟨U+001B⟩[31mred", _world.Out);
    }

    [Fact]
    public async Task An_archive_is_a_file_a_store_and_an_input()
    {
        var bytes = Samples.Bytes(Samples.Dump15);
        var file = _world.Write("shop.dump", bytes);
        foreach (var (name, input) in new[] { (file, null), ($"disk:{file}", null), ("-", bytes) })
        {
            Assert.Equal(0, await _world.RunAsync(["check", name], input));
            Assert.Contains("is whole: every block was read, and every check sum is right.", _world.Out);
            Assert.Contains("34 entries, 5 of them with data: 353 rows, 2 large objects", _world.Out);
        }
    }

    [Fact]
    public async Task An_archive_is_a_link_and_its_signature_is_shown_nowhere()
    {
        var folder = Path.GetDirectoryName(_world.Write("shop.dump", Samples.Bytes(Samples.Dump15)))!;
        await using var store = ObjectStores.Open(new StoreAddress.Disk(folder), new StoreOptions(), new LinkHost(),
            TimeProvider.System);
        var link = (await store.SignAsync("shop.dump", TimeSpan.FromMinutes(5),
            TestContext.Current.CancellationToken)).Url.Reveal();
        var shown = link[..link.IndexOf('?', StringComparison.Ordinal)];
        _world.Environment = name => name == "LINK" ? link : null;

        foreach (var (said, warned) in new[] { (link, true), ("env:LINK", false) })
        {
            Assert.Equal(0, await _world.RunAsync(["check", said]));
            Assert.Contains($"{shown} is whole: every block was read", _world.Out);
            Assert.Equal(warned,
                _world.Error.Contains("Warning: a signed link on the command line", StringComparison.Ordinal));
            Assert.DoesNotContain(link[(shown.Length + 1)..], _world.Out + _world.Error, StringComparison.Ordinal);
            Assert.Equal(0, await _world.RunAsync(["list", said]));
            Assert.Equal(0, await _world.RunAsync(["filter", said, "--to", "-"]));
        }
    }

    [Theory]
    [InlineData("nothing.dump", 2, "archive.missing")]
    [InlineData(".", 2, "archive.folder")]
    [InlineData("-", 2, "archive.terminal_input")]
    [InlineData("https://me:s3cr3t@host/shop.dump", 2, "storage.url_password")]
    [InlineData("http://127.0.0.1:9/shop.dump?X-Amz-Signature=s3cr3t", 3, "storage.url_unreachable")]
    [InlineData("env:NOBODY_SET_THIS", 2, "archive.variable")]
    [InlineData("disk:/nowhere/shop.dump", 1, "storage.object_missing")]
    [InlineData("gs://Bucket/shop.dump", 2, "storage.address_malformed")]
    public async Task What_cannot_be_opened_is_told_apart(string archive, int code, string fault)
    {
        Assert.Equal(code, await _world.RunAsync(["check", archive]));
        Assert.Contains($"code: {fault}\n", _world.Error);
        Assert.DoesNotContain("s3cr3t", _world.Error);
    }

    [Theory]
    [InlineData(9000, "archive.not_whole")]
    [InlineData(5000, "archive.truncated")]
    public async Task An_archive_that_is_cut_off_is_not_whole(int length, string fault)
    {
        Assert.Equal(1, await _world.RunAsync(["check", "-"], Samples.Bytes(Samples.Dump15)[..length]));
        Assert.Contains($"code: {fault}\n", _world.Error);
    }

    [Fact]
    public async Task A_program_is_told_everything_that_is_wrong()
    {
        var archive = Samples.Bytes(Samples.Dump15);
        foreach (var entry in (await Samples.HeadAsync(archive)).Entries.Where(entry => entry.Is("TABLE DATA"u8)))
            archive[entry.DataOffset + 16] ^= 0x10;
        Assert.Equal(1, await _world.RunAsync(["check", "--json", "-"], archive));
        var told = JsonNode.Parse(_world.Out)!;
        Assert.Equal((false, 4, "Corrupted"), (told["whole"]!.GetValue<bool>(), told["problems"]!.AsArray().Count,
            told["problems"]![0]!["problem"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Without_a_table_its_parts_go_too_and_who_needs_it_is_told()
    {
        var archive = _world.Write("shop.dump", Samples.Bytes(Samples.Dump15));
        var smaller = _world.FileOf("smaller.dump");
        Assert.Equal(0,
            await _world.RunAsync(["filter", archive, "--to", smaller, "--without", "TABLE public orders"]));
        Assert.EndsWith($"its check sums are looked at by: godwit archive check {smaller}\n", _world.Out,
            StringComparison.Ordinal);
        Assert.Contains("left out 11 of 34 entries:\n  TABLE public orders\n", _world.Out);
        Assert.Contains(
            "2 entries stay and need what is left out:\n  MATERIALIZED VIEW public mv needs TABLE public orders\n",
            _world.Error);
        Assert.Equal(0, await _world.RunAsync(["check", smaller]));
        Assert.Contains("23 entries, 4 of them with data: 53 rows", _world.Out);
        Assert.Equal(0, await _world.RunAsync(["filter", archive, "--to", smaller, "--without", "TABLE public orders",
            "--with-dependents", "--overwrite"]));
        Assert.Empty(_world.Error);
        Assert.Equal(Samples.Bytes(Samples.Dump15),
            await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("EXTENSION - *", 2)]
    [InlineData("* public items", 4)]
    [InlineData("* public item?", 4)]
    [InlineData("TABLE DATA Odd Schema *", 1)]
    [InlineData("TABLE DATA*", 4)]
    [InlineData("3473", 1)]
    public async Task A_pattern_is_compared_with_what_the_list_shows(string pattern, int gone)
    {
        Assert.Equal(0,
            await _world.RunAsync(["filter", "-", "--dry-run", "--without", pattern], Samples.Bytes(Samples.Dump15)));
        Assert.StartsWith($"Would leave out {gone} of 34 entries", _world.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("table public orders")]
    [InlineData("TABLE public orders postgres")]
    [InlineData("99999")]
    [InlineData("ENCODING *")]
    public async Task A_pattern_that_matches_nothing_is_a_mistake(string pattern)
    {
        Assert.Equal(2, await _world.RunAsync(["filter", "-", "--to", _world.FileOf("a"),
            "--without", "TABLE public orders", "--without", pattern], Samples.Bytes(Samples.Dump15)));
        Assert.Contains($"no entry matches '{pattern}'", _world.Error);
        Assert.Empty(_world.Files);
    }

    [Fact]
    public async Task A_list_that_was_edited_is_kept_to_in_its_order()
    {
        var archive = _world.Write("shop.dump", Samples.Bytes(Samples.Dump15));
        var list = _world.Write("list.txt", Encoding.UTF8.GetBytes(";comment\n\n3473; 0 16520 TABLE DATA public orders "
            + "postgres\n;218; 1259 16529 TABLE public items postgres\n  217 ; again\r\n217\n"));
        Assert.Equal(0,
            await _world.RunAsync(["filter", archive, "--to", _world.FileOf("b.dump"), "--only-listed", list]));
        Assert.Equal(0, await _world.RunAsync(["list", _world.FileOf("b.dump")]));
        Assert.EndsWith(
            ";\n3473; 0 16520 TABLE DATA public orders postgres\n217; 1259 16520 TABLE public orders postgres\n",
            _world.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("217\nTABLE public orders\n", "line 2 does not begin with a number")]
    [InlineData("99999; 1 2\n", "line 1 names the entry 99999, and the archive has none of that number")]
    [InlineData("99999999999999999999\n", "line 1 does not begin with a number")]
    [InlineData(null, "Could not find file")]
    public async Task A_list_of_something_else_is_refused(string? list, string why)
    {
        var path = list is null ? _world.FileOf("none") : _world.Write("list.txt", Encoding.UTF8.GetBytes(list));
        Assert.Equal(2, await _world.RunAsync(["filter", "-", "--to", _world.FileOf("b"), "--only-listed", path],
            Samples.Bytes(Samples.Dump15)));
        Assert.Contains(why, _world.Error);
        Assert.DoesNotContain("b", _world.Files);
    }

    [Fact]
    public async Task What_is_there_already_stays_unless_one_says_so()
    {
        var archive = _world.Write("shop.dump", Samples.Bytes(Samples.Dump15));
        Assert.Equal(1, await _world.RunAsync(["filter", archive, "--to", archive, "--without", "TABLE public items"]));
        Assert.Contains("code: dump.already_there\n", _world.Error);
        Assert.Equal(Samples.Bytes(Samples.Dump15),
            await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken));
        Assert.Equal(0, await _world.RunAsync(["filter", archive, "--to", archive, "--without", "TABLE public items",
            "--overwrite"]));
        Assert.Equal(0, await _world.RunAsync(["check", archive]));
        Assert.Contains("30 entries, 4 of them with data: 303 rows", _world.Out);
        Assert.Equal(["shop.dump"], _world.Files);
    }

    [Fact]
    public async Task A_filter_that_fails_leaves_nothing()
    {
        var cut = Samples.Bytes(Samples.Dump15)[..9000];
        Assert.Equal(1, await _world.RunAsync(["filter", "-", "--to", _world.FileOf("a")], cut));
        Assert.Contains("code: archive.truncated\n", _world.Error);
        Assert.Empty(_world.Files);
        // What a pipe got cannot be taken back; whether it got something by then is chance.
        var code = await _world.RunAsync(["filter", "-", "--to", "-"], cut);
        Assert.Contains("code: archive.truncated\n", _world.Error);
        Assert.Equal(_world.Bytes.Length > 0 ? 4 : 1, code);
        Assert.Equal(_world.Bytes.Length > 0,
            _world.Error.Contains("code: dump.half_written\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Standard_output_gets_the_archive_and_nothing_else()
    {
        foreach (var name in Samples.All)
        {
            Assert.Equal(0, await _world.RunAsync(["filter", "-", "--to", "-"], Samples.Bytes(name)));
            Assert.Equal(Samples.WithoutSecondToc(name), _world.Bytes);
            Assert.Contains("Wrote standard output: ", _world.Error);
        }

        Assert.Equal(2,
            await _world.RunAsync(["filter", "-", "--to", "-"], Samples.Bytes(Samples.Dump15), isTerminal: true));
        Assert.Contains("code: archive.terminal_output\n", _world.Error);
    }

    [Theory]
    [InlineData("filter -", "--to is missing")]
    [InlineData("filter - --to a --with-dependents", "--with-dependents says how far --without reaches")]
    public async Task Flags_that_make_no_sense_are_refused(string arguments, string why)
    {
        Assert.Equal(2, await _world.RunAsync(arguments.Split(' '), Samples.Bytes(Samples.Dump15)));
        Assert.Contains(why, _world.Error);
    }
}
