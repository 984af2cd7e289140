using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Godwit.Faults;

namespace Godwit.HerokuLocal.State;

/// <summary>Guards the state with one lock, in one file. Nothing slow may run under the lock.</summary>
internal sealed class LocalStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, Converters = { new Revealing() } };

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly LocalState _state;

    /// <summary>Completes every change before it is written.</summary>
    public Action<LocalState> Completing { get; set; } = _ => { };

    private LocalStore(string file, LocalState state) => (_file, _state) = (file, state);

    public static LocalStore Open(string file, TimeProvider clock)
    {
        if (File.Exists(file))
        {
            using var stream = File.OpenRead(file);
            return new(file,
                JsonSerializer.Deserialize<LocalState>(stream, Format) ?? throw new JsonException($"{file} is empty"));
        }

        var fresh = new LocalStore(file, new LocalState
        {
            CreatedAt = clock.GetUtcNow(),
            SigningKey = new(RandomNumberGenerator.GetHexString(64, lowercase: true)),
        });
        fresh.Save();
        return fresh;
    }

    public T Read<T>(Func<LocalState, T> look)
    {
        lock (_lock)
            return look(_state);
    }

    /// <summary>Changes the state and writes it. A change must check first: if it throws, nothing may have
    /// changed.</summary>
    public T Change<T>(Func<LocalState, T> change)
    {
        lock (_lock)
        {
            var result = change(_state);
            Completing(_state);
            Save();
            return result;
        }
    }

    public void Change(Action<LocalState> change) => Change(state =>
    {
        change(state);
        return 0;
    });

    private void Save()
    {
        var next = _file + ".next";
        File.Delete(next);
        using (var stream = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
        }))
        {
            JsonSerializer.Serialize(stream, _state, Format);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, _file, overwrite: true);
    }

    // Only its owner can read the file.
    private sealed class Revealing : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString() ?? throw new JsonException());

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Reveal());
    }
}
