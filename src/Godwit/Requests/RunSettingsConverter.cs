using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Godwit.Dump;
using Godwit.Verify;

namespace Godwit.Requests;

/// <summary>One flat JSON object without groups, as all versions' journals have it.</summary>
public sealed class RunSettingsConverter : JsonConverter<RunSettings>
{
    private static readonly DefaultJsonTypeInfoResolver Groups = new();

    private static readonly JsonSerializerOptions Flat = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { FreezeSettings.Words, RehearsalKinds.Words, VerifyLevels.Words, DumpEngines.Words },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Flatten } },
    };

    public override RunSettings? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<RunSettings>(ref reader, Flat);

    public override void Write(Utf8JsonWriter writer, RunSettings value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, Flat);

    private static void Flatten(JsonTypeInfo type)
    {
        if (type.Type != typeof(RunSettings))
            return;
        var all = type.Properties.ToList();
        type.Properties.Clear();
        foreach (var one in all)
        {
            if (one.PropertyType.Namespace != typeof(RunSettings).Namespace)
            {
                type.Properties.Add(one);
                continue;
            }

            foreach (var part in Groups.GetTypeInfo(one.PropertyType, type.Options).Properties)
            {
                if (part.Get is not { } get || part.Set is not { } set)
                    continue;
                var flat = type.CreateJsonPropertyInfo(part.PropertyType, part.Name);
                flat.Get = settings => get(one.Get!(settings)!);
                flat.Set = (settings, value) => set(one.Get!(settings)!, value);
                type.Properties.Add(flat);
            }
        }
    }
}
