using System.Text;
using System.Text.RegularExpressions;

namespace Godwit.Tests.Tidy;

/// <summary>One fault as its source text states it; what is filled in at run time is shown as
/// <c>&lt;name&gt;</c>.</summary>
internal sealed record FaultText(
    string File, string Method, string Code, string Kind, string What, string Why, string Remedy);

/// <summary>Reads the methods of <c>*Faults.cs</c>, and those of <c>*Findings.cs</c>, which have the same form. Strict
/// on purpose: a fault in another form is an error, so none is missed.</summary>
/// <param name="type">What the methods make: <c>Fault</c>.</param>
/// <param name="kindType">What the second argument is a member of.</param>
internal sealed partial class FaultSource(string type, string kindType)
{
    public static FaultSource OfFaults { get; } = new("Fault", "FaultKind");

    public static FaultSource OfFindings { get; } = new("Finding", "Severity");

    public IEnumerable<FaultText> Read(string file, string text)
    {
        foreach (var match in Method().Matches(text).Where(match => match.Groups["type"].Value == type))
        {
            var method = match.Groups["name"].Value;
            var end = 0;
            var parameters = CSharpText.Split(text, match.Index + match.Length - 1, out end)
                .Select(parameter => CSharpText.Identifiers(parameter.Split('=')[0]) is [.., var name] ? name : "")
                .ToList();
            var opening = Body().Match(text, end);
            if (!opening.Success || opening.Index != end)
                throw new FormatException($"{file}, {method}: expected `=> new(\"room.subject\", {kindType}.Kind, "
                    + "What: …, Why: …, Remedy: …);`");
            var arguments = CSharpText.Split(text, end + opening.Length - 1, out _);
            yield return Fault(file, method, parameters, arguments);
        }
    }

    private FaultText Fault(
        string file, string method, IReadOnlyList<string> parameters, IReadOnlyList<string> arguments)
    {
        string Named(int index, string name)
        {
            if (arguments.Count != 5 || !arguments[index].StartsWith(name + ":", StringComparison.Ordinal))
                throw new FormatException($"{file}, {method}: argument {index + 1} of 5 must be `{name}: …`");
            return TerminalWords(file, method, parameters, arguments[index][(name.Length + 1)..].Trim());
        }

        var code = CSharpText.Literal(arguments[0])
            ?? throw new FormatException($"{file}, {method}: the code must be a plain string literal");
        var kind = KindName().Match(arguments[1]);
        if (kind.Groups["type"].Value != kindType)
            throw new FormatException(
                $"{file}, {method}: the kind must be written as {kindType}.Name, not as `{arguments[1]}`");
        return new FaultText(file, method, code, kind.Groups["name"].Value, Named(2, "What"), Named(3, "Why"),
            Named(4, "Remedy"));
    }

    /// <summary>The text of an expression made of literals, interpolations, <c>+</c> and <c>a ? b : c</c>.</summary>
    private static string TerminalWords(string file, string method, IReadOnlyList<string> parameters, string expression)
    {
        var text = new StringBuilder();
        foreach (var part in CSharpText.SplitAt(expression, '+'))
        {
            var choices = CSharpText.Choices(part);
            if (choices.Count > 1)
                text.AppendJoin(" / ", choices.Select(choice => TerminalWords(file, method, parameters, choice))
                    .Where(choice => choice.Length > 0));
            else if (CSharpText.Interpolated(part) is { } pieces)
                text.AppendJoin("", pieces.Select(piece =>
                    piece.IsCode ? TerminalWords(file, method, parameters, Unformatted(piece.Text)) : piece.Text));
            else
                text.Append(Placeholder(parameters, part)
                    ?? throw new FormatException($"{file}, {method}: cannot read `{part}`"));
        }

        return text.ToString();
    }

    /// <summary><c>size:N0</c> without its format. A colon of <c>a ? b : c</c> stands in parentheses there, as C#
    /// demands.</summary>
    private static string Unformatted(string code) => CSharpText.SplitAt(code, ':')[0];

    /// <summary>An expression in words: <c>address.Host</c> is <c>&lt;host&gt;</c>, and anything longer is named after
    /// the first parameter it uses: <c>string.Join(", ", tableNames)</c> is <c>&lt;table names&gt;</c>.</summary>
    private static string? Placeholder(IReadOnlyList<string> parameters, string code)
    {
        var used = CSharpText.Identifiers(code);
        var name = Member().Match(code) is { Success: true } member ? member.Groups[1].Value
            : used.FirstOrDefault(parameters.Contains) ?? (used is [.., var last] ? last : null);
        return name is null
            ? null : $"<{Capital().Replace(name, match => " " + match.Value).Trim().ToLowerInvariant()}>";
    }

    [GeneratedRegex(@"^\w+\.(?!Length$|Count$|Value$)(\w+)$")]
    private static partial Regex Member();

    [GeneratedRegex(@"\bstatic\s+(?<type>\w+)\s+(?<name>\w+)\s*\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"\s*=>\s*new\s*\(")]
    private static partial Regex Body();

    [GeneratedRegex(@"^(?<type>\w+)\.(?<name>\w+)$")]
    private static partial Regex KindName();

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex Capital();
}
