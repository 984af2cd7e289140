using Godwit.EndToEnd.Migration;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Verify;

namespace Godwit.EndToEnd.Verify;

/// <summary>Texts are compared as characters if both databases have a character encoding, and as bytes
/// otherwise.</summary>
public sealed class RowEncodingTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("LATIN1", "UTF8", 15)]
    [InlineData("LATIN1", "LATIN1", 17)]
    [InlineData("EUC_JP", "UTF8", 13)]
    public async Task A_text_that_was_converted_is_the_same_and_one_letter_less_is_not(
        string encoding, string encodingThere, int to)
    {
        var letter = encoding == "EUC_JP" ? "鳥" : "ü";
        var copy = await CopiedDatabase.MakeInAsync(servers, 13, to, encoding, encodingThere, $"""
            CREATE TABLE "St{letter}" (id text PRIMARY KEY, "n{letter}" text, c char(5), a text[], j jsonb);
            INSERT INTO "St{letter}" SELECT '{letter}' || n, repeat('{letter}', n), '{letter}', ARRAY['{letter}'], NULL
                FROM generate_series(1, 20) n
            """);
        // The databases' different encodings are reported too.
        Assert.Equal(encoding == encodingThere ? Overall.Proven : Overall.ProvenExcept,
            (await VerifyAsync(copy)).Overall);

        await copy.ExecuteAtTargetAsync($"UPDATE \"St{letter}\" SET \"n{letter}\" = left(\"n{letter}\", -1), "
            + $"a = ARRAY['u'] WHERE id = '{letter}7'");

        var row = Assert.Single((await VerifyAsync(copy)).Tables[0].Rows!.Shown);
        Assert.Equal([$"n{letter}", "a"], row.Columns.Select(column => column.Column));
        Assert.Equal(($"{letter}7", string.Concat(Enumerable.Repeat(letter, 6))),
            (row.Values[0].Value, row.Columns[0].Target));
    }

    [Fact]
    public async Task Bytes_of_no_encoding_are_compared_and_shown_as_bytes()
    {
        var copy = await CopiedDatabase.MakeInAsync(servers, 15, 17, "SQL_ASCII", "SQL_ASCII",
            "SET client_encoding = 'SQL_ASCII'; CREATE TABLE raw (id int PRIMARY KEY, v text); "
            + "INSERT INTO raw VALUES (1, E'\\xff\\xfe'), (2, 'plain')");
        Assert.Equal(Overall.Proven, (await VerifyAsync(copy)).Overall);

        await copy.ExecuteAtTargetAsync(
            "SET client_encoding = 'SQL_ASCII'; UPDATE raw SET v = E'\\xff\\xfd' WHERE id = 1");

        var column = Assert.Single(Assert.Single((await VerifyAsync(copy)).Tables[0].Rows!.Shown).Columns);
        Assert.Equal((@"\377\376", @"\377\375"), (column.Source, column.Target));
    }

    private static async Task<Verdict> VerifyAsync(CopiedDatabase copy) =>
        await new Verifier(copy.Source, copy.Target, new VerifyOptions { Jobs = 2 }, TimeProvider.System)
            .RunAsync(new Progress<StepEvent>(), Ct);
}
