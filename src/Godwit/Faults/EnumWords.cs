using System.Text.Json;
using System.Text.Json.Serialization;

namespace Godwit.Faults;

/// <summary>The words for the values of an enum, on the command line and in the journal.</summary>
/// <param name="usual">The default. A word of a later version is read as it, too.</param>
public sealed class EnumWords<T>(T usual, params (T Value, string Word)[] words) : JsonConverter<T>
    where T : struct, Enum
{
    public IReadOnlyList<string> All { get; } = [.. words.Select(one => one.Word)];

    public string Usual => Of(usual);

    public string Of(T value) => words.First(one => one.Value.Equals(value)).Word;

    public T Of(string? word) => words.FirstOrDefault(one => one.Word == word, (Value: usual, Word: "")).Value;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Of(reader.GetString());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Of(value));
}
