using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Godwit.Tests.Tidy;

public sealed partial class SecretsTests
{
    [Fact]
    public void No_door_of_the_engine_takes_or_shows_a_secret_as_text()
    {
        var types = Assemblies.Engine.AllTypes()
            .Where(type => !type.IsGenerated() && (type.IsPublic || type.IsNestedPublic)).ToList();
        var properties = from type in types
                         from property in type.Properties
                         where IsText(property.PropertyType) && Secret().IsMatch(property.Name)
                         select $"{type.FullName}.{property.Name}";
        var parameters = from type in types
                         from method in type.Methods
                         where method.IsPublic
                         from parameter in method.Parameters
                         where IsText(parameter.ParameterType) && Secret().IsMatch(parameter.Name)
                         select $"{type.FullName}.{method.Name}({parameter.Name})";
        Findings.None(properties.Concat(parameters),
            "Use Secret: a string prints itself in every record, log and exception.");
    }

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
