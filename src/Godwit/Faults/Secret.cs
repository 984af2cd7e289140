namespace Godwit.Faults;

/// <summary>A password, token or signed URL. Prints as <c>***</c>, also inside a record, a log line or an
/// exception.</summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly string _value;

    public Secret(string value)
        : this(value, isSecret: true)
    {
    }

    private Secret(string value, bool isSecret)
    {
        _value = value;
        if (isSecret)
            KnownSecrets.Add(this);
    }

    /// <summary>A value that is not secret, for a place that takes secrets, such as the environment of a program. It
    /// is masked in no text.</summary>
    public static Secret Plain(string value) => new(value, isSecret: false);

    /// <summary>The value itself. Whoever calls this answers for where it goes.</summary>
    public string Reveal() => _value;

    public bool IsEmpty => _value.Length == 0;

    public override string ToString() => "***";

    public bool Equals(Secret? other) =>
        other is not null && string.Equals(_value, other.Reveal(), StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_value);
}
