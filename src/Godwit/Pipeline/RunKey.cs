using System.Globalization;

namespace Godwit.Pipeline;

/// <summary>A fact that a run remembers. Declared once: by the room that writes it, or by Journal if Journal shows
/// it.</summary>
/// <param name="Name">Never changes: old journals contain it.</param>
public abstract record RunKey(string Name)
{
    public static RunKey<string> Text(string name) => new(name, value => value, text => text);

    /// <summary>True or null.</summary>
    /// <param name="written">The text for true in the journal.</param>
    public static RunKey<bool?> Mark(string name, string written = "yes") => new(name, _ => written, _ => true);

    public static RunKey<DateTimeOffset?> Moment(string name) => new(name,
        value => value!.Value.ToString("O", CultureInfo.InvariantCulture),
        text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var moment) ? moment.ToUniversalTime() : null);

    public static RunKey<long?> Number(string name) => new(name,
        value => value!.Value.ToString(CultureInfo.InvariantCulture),
        text => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <param name="format">Digits that are kept, e.g. <c>0.0</c>.</param>
    public static RunKey<double?> Measured(string name, string format) => new(name,
        value => value!.Value.ToString(format, CultureInfo.InvariantCulture),
        text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>Names must not contain spaces.</summary>
    public static RunKey<IReadOnlyList<string>> Names(string name) => new(name,
        value => string.Join(' ', value), text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <typeparam name="T">A nullable type: null means that nothing is remembered.</typeparam>
/// <inheritdoc cref="RunKey"/>
public sealed record RunKey<T>(string Name, Func<T, string> Write, Func<string, T> Read) : RunKey(Name);

public static class RunMemoryKeys
{
    /// <summary>Null: nothing is remembered.</summary>
    public static T? Recall<T>(this IRunMemory memory, RunKey<T> key) =>
        memory.Recall(key.Name) is { } text ? key.Read(text) : default;

    /// <inheritdoc cref="IRunMemory.Remember"/>
    public static void Remember<T>(this IRunMemory memory, RunKey<T> key, T? value) =>
        memory.Remember(key.Name, value is null ? null : key.Write(value));

    public static void Forget(this IRunMemory memory, params ReadOnlySpan<RunKey> keys)
    {
        foreach (var key in keys)
            memory.Remember(key.Name, null);
    }
}
