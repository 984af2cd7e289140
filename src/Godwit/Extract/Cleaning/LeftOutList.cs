using System.Text.Json;
using System.Text.Json.Serialization;

namespace Godwit.Extract.Cleaning;

/// <summary>One item that the target lacks or has changed, for the comparison with the source.</summary>
/// <param name="Name">As in the archive, which puts a table before its parts.</param>
/// <param name="Reason">A clause.</param>
/// <param name="IsRewritten">False: left out.</param>
public sealed record LeftOutItem(LeftOutKind Kind, string Name, string Reason, bool IsRewritten)
{
    /// <summary>No rights were carried over, and they are not listed one by one.</summary>
    public static LeftOutItem AllRights { get; } = new(LeftOutKind.Grant, "", "with --no-clean no rights are given",
        IsRewritten: false);
}

/// <summary>The list of <see cref="LeftOutFile"/> as JSON, without statements. A resumed run reads it to know what its
/// dump lacks.</summary>
public static class LeftOutList
{
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public static string PathFor(string path) => Path.ChangeExtension(path, ".json");

    public static byte[] Render(IReadOnlyList<LeftOutItem> items) =>
        JsonSerializer.SerializeToUtf8Bytes(items, Options);

    public static IReadOnlyList<LeftOutItem> Of(IReadOnlyList<LeftOut> leftOut) =>
        [.. leftOut.Select(one => new LeftOutItem(one.Kind, $"{one.Name}", one.Reason, one.Instead is not null))];

    /// <returns>Empty if there is no file: then nothing was left out.</returns>
    public static async Task<IReadOnlyList<LeftOutItem>> ReadAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
            return [];
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<List<LeftOutItem>>(file, Options, ct) ?? [];
    }
}
