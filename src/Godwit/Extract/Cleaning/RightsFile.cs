using System.Text.Json;
using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Keeps a dump's rights until another program has restored it.</summary>
public static class RightsFile
{
    public const string Name = "rights.json";

    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <param name="path">A file of an earlier attempt is replaced.</param>
    /// <exception cref="FaultException"><c>extract.list_not_written</c>.</exception>
    public static async Task WriteAsync(string path, CleanedContents? cleaned, CancellationToken ct)
    {
        var encoding = cleaned?.Head.Entries.FirstOrDefault(entry => entry.Is("ENCODING"u8))?.Definition;
        var lines = (cleaned?.Rights ?? []).Select(one => new Line(one.Kind, Text(one.Name), Text(one.Statement)));
        await LeftOutFile.ReplaceAsync(path,
            JsonSerializer.SerializeToUtf8Bytes(new Contents($"{encoding}", [.. lines]), Options), ct);
    }

    /// <returns>The number of rights, and those that the target refused.</returns>
    public static async Task<(int All, IReadOnlyList<LeftOut> Refused)> GiveAsync(
        string path, PostgresAddress target, CancellationToken ct)
    {
        if (!File.Exists(path))
            return (0, []);
        await using var file = File.OpenRead(path);
        var contents = await JsonSerializer.DeserializeAsync<Contents>(file, Options, ct);
        if (contents is not { Rights.Count: > 0 })
            return (0, []);
        // Statements are sent as in the archive, after the one that sets their encoding.
        await using var session = await PostgresSession.OpenForBulkAsync(target, ct);
        await session.ExecuteAsync($"{contents.Encoding}SET search_path = ''; SET client_min_messages = warning", ct);
        return (contents.Rights.Count, await RightsGiver.GiveAsync(session,
            [.. contents.Rights.Select(one => new CarriedRight(one.Kind, Bytes(one.Name), Bytes(one.Sql)))], ct));
    }

    private static string Text(ArchiveText text) => ArchiveSql.TextOf(text.Bytes);

    private static ArchiveText Bytes(string text) => ArchiveText.Of(ArchiveSql.BytesOf(text));

    /// <param name="Encoding">The archive's statement that sets the encoding.</param>
    private sealed record Contents(string Encoding, IReadOnlyList<Line> Rights);

    // One character per byte.
    private sealed record Line(LeftOutKind Kind, string Name, string Sql);
}
