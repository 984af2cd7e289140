using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rows;

/// <summary>Whether the target can store the source's texts.</summary>
internal sealed class EncodingCheck : ICheck
{
    // Heroku's, and that of nearly every other database.
    private const string Usual = "UTF8";

    // The server checks nothing: texts may be any bytes, of unknown encoding.
    private const string Unknown = "SQL_ASCII";

    /// <summary>Rows with bytes that are not UTF-8. In SQL_ASCII a regular expression sees bytes. The whole row is
    /// tested: arrays, JSON and composite types hold texts too, and everything else is ASCII.</summary>
    /// <remarks>The byte sequences of https://www.rfc-editor.org/rfc/rfc3629#section-4</remarks>
    private const string NotUtf8 = """
        "this row"::text COLLATE "C" ~ '[\x80-\xff]' AND "this row"::text COLLATE "C" !~
            '^(?:[\x01-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}'
            '|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}'
            '|\xf4[\x80-\x8f][\x80-\xbf]{2})*$'
        """;

    public string Name => "encoding";

    public IReadOnlyList<string> Acceptable => EncodingFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var here = await EncodingAsync(world.Source, ct);
        var there = world.Target is null ? Usual : await EncodingAsync(world.Target, ct);
        // SQL_ASCII accepts any bytes.
        if (here == there || there == Unknown)
            return;
        if (here != Unknown)
            notes.Add(EncodingFindings.Converted(here, there));
        else if (!world.Request.IsDeep)
            notes.Add(EncodingFindings.Unknown(there));
        if (world.Request.IsDeep)
            await ReadAsync(world, here, there, notes, ct);
    }

    private static async Task<string> EncodingAsync(PostgresSession session, CancellationToken ct) =>
        (await session.ScalarAsync<string>("SHOW server_encoding", ct))!;

    private static async Task ReadAsync(
        AssessWorld world, string here, string there, IAssessNotes notes, CancellationToken ct)
    {
        var wrong = new List<string>();
        var unread = new List<string>();
        foreach (var table in await world.TablesAsync(ct))
        {
            var obstacle = await TryAsync(world.Source, here == Unknown
                ? $"SELECT count(*) FROM ONLY {table.Name} AS \"this row\" WHERE {NotUtf8}"
                : $"SELECT 0 * count(pg_catalog.convert_to(\"this row\"::text, '{there}')) FROM ONLY {table.Name} "
                    + "AS \"this row\"", ct);
            if (obstacle is { IsUnreadable: true })
                unread.Add($"{table.Name}: {obstacle.Said}");
            else if (obstacle is not null)
                wrong.Add($"{table.Name} ({obstacle.Said})");
        }

        if (wrong.Count > 0 && here == Unknown)
            notes.Add(EncodingFindings.NotText(Phrase.List(wrong), NotUtf8));
        else if (wrong.Count > 0)
            notes.Add(EncodingFindings.NotConvertible(here, there, Phrase.List(wrong)));
        if (unread.Count > 0)
            notes.Add(EncodingFindings.Unread(Phrase.List(unread)));
    }

    /// <returns>Null: all rows can be stored.</returns>
    private static async Task<Obstacle?> TryAsync(PostgresSession source, string count, CancellationToken ct)
    {
        try
        {
            await source.ExecuteAsync("BEGIN READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL row_security = off",
                ct);
            var rows = await source.ScalarAsync<long>(count, ct);
            await source.ExecuteAsync("COMMIT", ct);
            return rows == 0 ? null : new(false, Phrase.Count(rows, "row"));
        }
        catch (FaultException e) when (!PostgresSession.IsLost(e))
        {
            await source.ExecuteAsync("ROLLBACK", ct);
            return new(!PostgresSession.IsAnswer(e, PostgresSession.UntranslatableCharacter), e.Fault.Why);
        }
    }

    /// <param name="IsUnreadable">The table was not read.</param>
    private sealed record Obstacle(bool IsUnreadable, string Said);
}
