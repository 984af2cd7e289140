using System.Text.Json;
using System.Text.Json.Nodes;

namespace Godwit.HerokuLocal.Transfers;

/// <summary>One JSON object per line, in its own file: the state file would be rewritten for every line.</summary>
internal sealed class TransferLog(string folder, TimeProvider clock)
{
    /// <summary>The last ones: pg_restore writes one per object, and the end matters most.</summary>
    public const int ShownLinesMax = 2000;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _lock = new();

    public void Write(Guid transfer, string message, string level = "info")
    {
        var line = new JsonObject
        {
            ["created_at"] = Data.DataShapes.Time(clock.GetUtcNow()), ["level"] = level, ["message"] = message,
        };
        lock (_lock)
        {
            using var stream = new FileStream(FileOf(transfer), new FileStreamOptions
            {
                Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite,
                UnixCreateMode = OwnerOnly,
            });
            using var writer = new StreamWriter(stream);
            writer.Write(line.ToJsonString() + "\n");
        }
    }

    public JsonArray Read(Guid transfer)
    {
        lock (_lock)
        {
            if (!File.Exists(FileOf(transfer)))
                return [];
            return new JsonArray([.. File.ReadLines(FileOf(transfer)).TakeLast(ShownLinesMax).Select(Parse)
                .OfType<JsonNode>()]);
        }
    }

    public void Delete(Guid transfer)
    {
        lock (_lock)
            File.Delete(FileOf(transfer));
    }

    private string FileOf(Guid transfer) => Path.Combine(folder, $"{transfer}.jsonl");

    // Null: a killed server wrote only a part.
    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
