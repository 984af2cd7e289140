namespace Godwit.Faults;

/// <summary>A password, token or signed URL. Prints as <c>***</c>, also inside records, log lines and
/// exceptions.</summary>
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

    /// <summary>A value that is not secret and never masked, for APIs that take secrets, such as a program's
    /// environment.</summary>
    public static Secret Plain(string value) => new(value, isSecret: false);

    /// <summary>The value itself. The caller must keep it out of logs, messages and arguments.</summary>
    public string Reveal() => _value;

    public bool IsEmpty => _value.Length == 0;

    public override string ToString() => "***";

    public bool Equals(Secret? other) =>
        other is not null && string.Equals(_value, other.Reveal(), StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_value);
}
