using Godwit.App.Cli;

namespace Godwit.Tests.Cli;

public sealed class CalledAsWriterTests
{
    [Theory]
    [InlineData("./godwit")]
    [InlineData(@"/srv/a\$0/\$\{1\}/godwit")]
    public void A_command_begins_as_it_was_typed(string name)
    {
        using var text = new StringWriter { NewLine = "\n" };
        using (var writer = CalledAsWriter.Over(text, name))
            writer.WriteLine("Go on with: godwit resume");

        Assert.Equal($"Go on with: {name} resume\n", text.ToString());
    }
}
