using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Godwit.Verify;

/// <summary>A verdict for programs, the report and the screen.</summary>
public static class VerdictJson
{
    /// <summary>The number grows when programs that read the file would have to change.</summary>
    public const string Format = "godwit.verdict/1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new HashConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Verdict verdict) => JsonSerializer.Serialize(new
    {
        Format,
        verdict.Overall,
        verdict.Level,
        verdict.Source,
        verdict.Target,
        verdict.BegunAt,
        Seconds = Seconds(verdict.Took),
        Tables = verdict.Tables.Select(one => new
        {
            one.Table, one.Outcome, one.Why, one.SourceRows, one.TargetRows, one.Bytes, one.SourceHash, one.TargetHash,
            Seconds = Seconds(one.Took), one.Rows,
            Fresher = one.IsFresher ? true : (bool?)null, one.FreshRows, one.FreshHash,
        }),
        verdict.ObjectsCompared,
        verdict.DefinitionsPrinted,
        verdict.Objects,
        verdict.Queries,
        verdict.Omissions,
        Notes = verdict.Notes.Count > 0 ? verdict.Notes : null,
    }, Options);

    /// <summary>Rounded to the microsecond.</summary>
    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);

    /// <summary>Sixteen hexadecimal digits: programs that read numbers as floats would lose the last digits.</summary>
    private sealed class HashConverter : JsonConverter<ulong>
    {
        public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ulong.Parse(reader.GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("x16", CultureInfo.InvariantCulture));
    }
}
