using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Godwit.Tests.Tidy;

public sealed partial class SecretsTests
{
    /// <summary>Private ones too, and what a lambda or an asynchronous method keeps in a field.</summary>
    [Fact]
    public void No_member_takes_holds_or_shows_a_secret_as_text()
    {
        var types = Assemblies.Product.SelectMany(module => module.AllTypes())
            .Where(type => !type.IsGenerated()).ToList();
        var fields = from type in types
                     from field in type.Fields
                     where IsText(field.FieldType) && !field.HasConstant && Secret().IsMatch(Source(field.Name))
                     select $"{type.FullName}.{field.Name}";
        var properties = from type in types
                         from property in type.Properties
                         where IsText(property.PropertyType) && Secret().IsMatch(property.Name)
                         select $"{type.FullName}.{property.Name}";
        var parameters = from type in types
                         from method in type.Methods
                         from parameter in method.Parameters
                         where IsText(parameter.ParameterType) && Secret().IsMatch(parameter.Name)
                         select $"{type.FullName}.{method.Name}({parameter.Name})";
        Findings.None(fields.Concat(properties).Concat(parameters),
            "Use Secret: a string prints itself in every record, log and exception.");
    }

    /// <summary><c>&lt;token&gt;5__2</c> is the variable <c>token</c>.</summary>
    private static string Source(string field) => field.StartsWith('<') ? field[1..field.IndexOf('>')] : field;

    [Theory]
    [InlineData("Password", true)]
    [InlineData("apiToken", true)]
    [InlineData("passwordFile", false)]
    public void A_secret_is_known_by_its_name(string name, bool secret) =>
        Assert.Equal(secret, Secret().IsMatch(name));

    private static bool IsText(TypeReference type) => type.FullName == "System.String";

    [GeneratedRegex("(password|passphrase|token|secret|secretkey|apikey|signature)$", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
