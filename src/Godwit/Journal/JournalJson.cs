using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Godwit.Requests;

namespace Godwit.Journal;

/// <summary>The JSON format of lines and events, in the journal and for <c>--json</c>.</summary>
public static class JournalJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new RunSettingsConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        // Table names in any script stay legible; the page encodes for HTML by itself.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowOutOfOrderMetadataProperties = true,
    };
}
