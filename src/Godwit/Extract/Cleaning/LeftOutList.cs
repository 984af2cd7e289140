using System.Text.Json;
using System.Text.Json.Serialization;

namespace Godwit.Extract.Cleaning;

/// <summary>One line of the list: what the target is without, for whoever compares it with the source.</summary>
/// <param name="Name">As the archive has it, which puts a table before what belongs to it.</param>
/// <param name="Reason">A clause.</param>
/// <param name="IsRewritten">It is there, and is another.</param>
public sealed record LeftOutItem(LeftOutKind Kind, string Name, string Reason, bool IsRewritten)
{
    /// <summary>No rights at all were given, and nobody has listed them.</summary>
    public static LeftOutItem AllRights { get; } = new(LeftOutKind.Grant, "", "with --no-clean no rights are given",
        IsRewritten: false);
}

/// <summary>The same as <see cref="LeftOutFile"/>, without statements and for programs. It lies beside that one: a run
/// that is resumed still knows what its dump is without.</summary>
public static class LeftOutList
{
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <param name="path">Of the file with the statements.</param>
    public static string PathFor(string path) => Path.ChangeExtension(path, ".json");

    public static byte[] Render(IReadOnlyList<LeftOutItem> items) =>
        JsonSerializer.SerializeToUtf8Bytes(items, Options);

    public static IReadOnlyList<LeftOutItem> Of(IReadOnlyList<LeftOut> leftOut) =>
        [.. leftOut.Select(one => new LeftOutItem(one.Kind, $"{one.Name}", one.Reason, one.Instead is not null))];

    /// <returns>Nothing where there is no such file: then nothing was left out.</returns>
    public static async Task<IReadOnlyList<LeftOutItem>> ReadAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
            return [];
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<List<LeftOutItem>>(file, Options, ct) ?? [];
    }
}
