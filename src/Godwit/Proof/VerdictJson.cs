using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Godwit.Proof;

/// <summary>For programs and later reports.</summary>
public static class VerdictJson
{
    /// <summary>Grows by one when a program that reads it would have to change.</summary>
    internal const string Format = "godwit.verdict/1";

    internal const string Seconds = "seconds";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Verdict verdict) => JsonSerializer.Serialize(verdict, Options);

    /// <exception cref="JsonException">It is no verdict of this format.</exception>
    public static Verdict Read(string json) =>
        JsonSerializer.Deserialize<Verdict>(json, Options) is { Format: Format } verdict
            ? verdict : throw new JsonException($"it is no {Format}");

    /// <summary>Null: none, or one of another version of Godwit.</summary>
    public static Verdict? Find(string path)
    {
        try
        {
            return Read(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>To the microsecond.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromSeconds(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Math.Round(value.TotalSeconds, 6));
}

/// <summary>Hexadecimal: programs whose numbers are floats would lose the last digits.</summary>
internal sealed class HashConverter : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ulong.TryParse(reader.GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
            ? hash : throw new JsonException("it is no hash");

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("x16", CultureInfo.InvariantCulture));
}
