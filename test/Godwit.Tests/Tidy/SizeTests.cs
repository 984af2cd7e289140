using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Godwit.Tests.Tidy;

public sealed class SizeTests
{
    private const int FileLinesMax = 300;
    private const int MethodLinesMax = 60;
    private const int LineCharactersMax = 120;

    /// <summary>Longer files, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Longer methods as <c>Namespace.Type.Method</c>, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongMethods = [];

    [Fact]
    public void No_file_is_longer_than_one_can_read_at_a_sitting()
    {
        var files = from file in Repository.CSharp
                    let lines = file.Text.TrimEnd('\n').Split('\n').Length
                    where lines > FileLinesMax && !LongFiles.ContainsKey(file.Name)
                    select $"{file} has {lines} lines";
        Findings.None(files, $"Split it: {FileLinesMax} lines at most, or an exception with a reason in SizeTests.");
    }

    [Fact]
    public void Lines_fit_on_a_screen_beside_another_file()
    {
        var lines = from file in Repository.CSharp
                    from line in file.Text.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
                    where line.Text.Length > LineCharactersMax
                    select $"{file}:{line.Number} has {line.Text.Length} characters";
        Findings.None(lines, $"Break it: {LineCharactersMax} characters at most.");
    }

    [Fact]
    public void No_method_is_longer_than_a_screen()
    {
        var methods = from module in Assemblies.Product.Append(Assemblies.Tests)
                      from type in module.AllTypes()
                      from method in type.Methods
                      let lines = Lines(method)
                      where lines > MethodLinesMax && !LongMethods.ContainsKey(Name(method))
                      select $"{Name(method)} has {lines} lines";
        Findings.None(methods,
            $"Split it: {MethodLinesMax} lines at most, or an exception with a reason in SizeTests.");
    }

    [Fact]
    public void Exceptions_that_are_no_longer_needed_are_gone()
    {
        var files = Repository.CSharp.Where(file => file.Text.TrimEnd('\n').Split('\n').Length > FileLinesMax)
            .Select(file => file.Name);
        var methods = Assemblies.Product.Append(Assemblies.Tests).SelectMany(Assemblies.AllTypes)
            .SelectMany(type => type.Methods)
            .Where(method => Lines(method) > MethodLinesMax).Select(Name);
        Findings.None(LongFiles.Keys.Except(files).Concat(LongMethods.Keys.Except(methods)),
            "Remove the exception from SizeTests.");
    }

    /// <summary>Lines from the first to the last statement; 0 for what the compiler or a generator wrote.</summary>
    /// <remarks>Static constructors are tables of fields: the file's length is their limit.</remarks>
    private static int Lines(MethodDefinition method)
    {
        if (!method.HasBody || method.Name == ".cctor")
            return 0;
        var points = method.DebugInformation.SequencePoints
            .Where(point => !point.IsHidden && point.Offset >= OwnCodeStart(method)
                && !point.Document.Url.Contains("/obj/", StringComparison.Ordinal))
            .ToList();
        return points.Count == 0 ? 0 : points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1;
    }

    /// <summary>A constructor starts with the initializers of fields that stand anywhere in the type; its own code
    /// follows the call of the base.</summary>
    private static int OwnCodeStart(MethodDefinition method) => !method.IsConstructor ? 0 : method.Body.Instructions
        .FirstOrDefault(step =>
            step.OpCode == OpCodes.Call && step.Operand is MethodReference { Name: ".ctor" })?.Offset ?? 0;

    private static string Name(MethodDefinition method)
    {
        var type = method.DeclaringType;
        while (type.Name.StartsWith('<') && type.DeclaringType is not null)
        {
            // A state machine or a closure: <MigrateAsync>d__4 is named after the method it was made from.
            var made = type.Name[1..Math.Max(1, type.Name.IndexOf('>', StringComparison.Ordinal))];
            if (made.Length > 0)
                return $"{type.DeclaringType.FullName}.{made}";
            type = type.DeclaringType;
        }

        return $"{type.FullName}.{method.Name}";
    }
}
