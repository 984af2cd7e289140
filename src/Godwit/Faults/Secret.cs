namespace Godwit.Faults;

/// <summary>A password, token or signed URL. Prints as <c>***</c>, also inside a record, a log line or an exception.</summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The value itself. Whoever calls this answers for where it goes.</summary>
    public string Reveal() => value;

    public bool IsEmpty => value.Length == 0;

    public override string ToString() => "***";

    public bool Equals(Secret? other) => other is not null && string.Equals(value, other.Reveal(), StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(value);
}
