using System.Text.RegularExpressions;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Tests.Supervision;

/// <summary>docker-compose.yml describes the system that ./run up starts: a service known to one must be known to the other.</summary>
public sealed class ContainersTests
{
    private static readonly string[] NotOurs = ["postgres", "rabbitmq", "otel-collector"];

    private static readonly string[] Ours = [.. Services.All.Select(service => service.Name)];

    [Fact]
    public void Every_service_has_a_container_and_every_container_a_service() =>
        Named(Text("docker-compose.yml").Split("\nservices:\n")[1].Split("\nvolumes:\n")[0], "^  ([a-z-]+):$")
            .ShouldBe([.. NotOurs, .. Ours], ignoreOrder: true);

    [Fact]
    public void Every_service_is_built_into_an_image_of_its_own()
    {
        Named(Text("docker-compose.yml"), "target: ([a-z-]+)").ShouldBe(Ours, ignoreOrder: true);
        Named(Text("deploy/docker/Dockerfile"), "^FROM service AS ([a-z-]+)$").ShouldBe(Ours, ignoreOrder: true);
    }

    [Fact]
    public void Every_service_that_owns_data_gets_a_database() =>
        Named(Text("deploy/postgres/init.sh"), "^for service in (.+); do$").ShouldHaveSingleItem()
            .Split(' ').ShouldBe(Services.WithData.Select(service => service.Name), ignoreOrder: true);

    [Fact]
    public void The_bank_remembers_longer_than_its_container_lives()
    {
        var compose = Text("docker-compose.yml");
        Named(compose, @"""settlement-bank:(.+)""").ShouldBe(Named(compose, "Bank__File: (.+)/[^/]+$"));
        Named(compose, "^  (settlement-bank):$").Count().ShouldBe(2, "the service and its volume");
    }

    private static string Text(string path) => File.ReadAllText(Path.Combine(Checkout.Here().Root, path));

    private static IEnumerable<string> Named(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Select(match => match.Groups[1].Value);
}
