using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Godwit.Tests.Tidy;

public sealed partial class FaultsTests
{
    internal static IReadOnlyList<FaultText> All { get; } =
        [.. Repository.Product.Where(file => file.Name.EndsWith("Faults.cs", StringComparison.Ordinal))
            .SelectMany(file => FaultSource.OfFaults.Read(file.Name, file.Text))];

    [Fact]
    public void Every_code_is_a_room_and_a_subject() =>
        Findings.None(All.Where(fault => !Code().IsMatch(fault.Code)).Select(fault => $"{fault.File}: {fault.Code}"),
            "Lower case and underscores: room.subject.");

    [Fact]
    public void No_code_means_two_things()
    {
        var twice = from fault in All
                    group fault by fault.Code into same
                    where same.Count() > 1
                    select $"{same.Key}: {string.Join(", ", same.Select(fault => $"{fault.File} {fault.Method}"))}";
        Findings.None(twice, "Give each its own code: scripts and docs/faults.md go by it.");
    }

    [Fact]
    public void What_and_why_are_clauses_and_the_remedy_is_whole_sentences()
    {
        var wrong = from fault in All
                    let problem = fault.What.EndsWith('.') || fault.Why.EndsWith('.')
                        ? "what or why ends with a full stop"
                        : fault.Remedy.TrimEnd().Length == 0 ? "the remedy is empty"
                        : !Ended().IsMatch(fault.Remedy.TrimEnd()) ? "the remedy does not end its sentence" : null
                    where problem is not null
                    select $"{fault.File}, {fault.Method}: {problem}";
        Findings.None(wrong, "Three sentences: '<What>: <why>. <Remedy.>'");
    }

    [Fact]
    public void Faults_are_made_in_the_Faults_class_of_their_room_and_nowhere_else()
    {
        var made = (from module in Assemblies.Product
                    from type in module.AllTypes()
                    where !type.IsGenerated() && type.FullName != "Godwit.Faults.Fault"
                        && type.Outermost().Resolve().BaseType?.Name != "JsonSerializerContext"
                    from instruction in type.Instructions()
                    where instruction.OpCode == OpCodes.Newobj
                        && instruction.Operand
                            is MethodReference { Name: ".ctor", DeclaringType.FullName: "Godwit.Faults.Fault" }
                    select type.Outermost().FullName).ToList();
        Findings.None(made.Where(name => !name.EndsWith("Faults", StringComparison.Ordinal)).Distinct(),
            "Move it into a static class XxxFaults in XxxFaults.cs.");
        Assert.Equal(All.Count, made.Count);
    }

    [Theory]
    [InlineData(
        """public static Fault A(string host) => new("a.b", FaultKind.Refused, What: """
        + """$"Cannot reach {host}", Why: "no (answer), it said", Remedy: "Try.");""",
        "a.b Refused: Cannot reach <host>: no (answer), it said. Try.")]
    [InlineData(
        """public static Fault A(long sizeBytes, string? why = null) => new("a.b", FaultKind.Broken, """
        + """What: "One " + $"two {sizeBytes:N0}", Why: why ?? "x", Remedy: $"Run {{now}} \"it\".");""",
        "a.b Broken: One two <size bytes>: <why>. Run {now} \"it\".")]
    [InlineData(
        """public static Fault A(IReadOnlyList<string> names, bool old) => new("a.b", FaultKind.Usage, What: """
        + """$"N {string.Join(", ", names)}", Why: old ? "it is old" : "it is new", Remedy: "R.");""",
        "a.b Usage: N <names>: it is old / it is new. R.")]
    public void The_reader_understands_the_form(string source, string expected)
    {
        var fault = Assert.Single(FaultSource.OfFaults.Read("XFaults.cs", source));
        Assert.Equal(expected, $"{fault.Code} {fault.Kind}: {fault.What}: {fault.Why}. {fault.Remedy}");
    }

    [Theory]
    [InlineData("""public static Fault A(string c) => new(c, FaultKind.Refused, What: "a", Why: "b", Remedy: "c.");""")]
    [InlineData(
        """public static Fault A() { return new("a.b", FaultKind.Refused, What: "a", Why: "b", Remedy: "c."); }""")]
    [InlineData("""public static Fault A() => new("a.b", FaultKind.Refused, "a", Why: "b", Remedy: "c.");""")]
    public void The_reader_refuses_any_other_form(string source) =>
        Assert.Throws<FormatException>(() => FaultSource.OfFaults.Read("XFaults.cs", source).ToList());

    [GeneratedRegex(@"^[a-z][a-z_]*(\.[a-z][a-z_0-9]*)+$")]
    private static partial Regex Code();

    // A full stop, or a command after a colon, or lines of them below one, which must be pasteable as they stand.
    [GeneratedRegex("""([.!?)"'`>]|: \S[^.]*|:\n[\s\S]+)$""")]
    internal static partial Regex Ended();
}
