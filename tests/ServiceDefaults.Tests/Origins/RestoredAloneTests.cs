using CarbonMarket.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CarbonMarket.ServiceDefaults.Tests.Origins;

/// <summary>One database is restored to an earlier moment than the others: numbers are used again (ADR 33).</summary>
public sealed class RestoredAloneTests
{
    [Fact]
    public async Task A_house_that_forgot_what_it_said_is_not_taken_for_one_that_repeats_itself()
    {
        var (broker, database) = (await RealServers.CreateVirtualHost(), await RealServers.CreateDatabase("paying"));
        await using var told = await ToldHouse.Start(await RealServers.CreateDatabase("told"), broker);
        await using (var house = await PayingHouse.Start(database, broker))
        {
            await house.Pays("Ann");
            await told.IsTold(1);
        }
        var backup = await Houses.Backup(database);
        await using (var house = await PayingHouse.Start(database, broker))
        {
            await house.Pays("Bob");
            await told.IsTold(2);
        }

        // Its second payment comes where the other history has its third fact: neither number nor place is known by itself.
        await using (var restored = await PayingHouse.Start(backup, broker))
        {
            await restored.Pays("nobody", "nobody", "Eve");

            var refused = (await told.Refuses(1)).ShouldHaveSingleItem();
            refused.Body.ShouldContain("Eve");
            refused.Reason.ShouldNotBeNull().ShouldContain("Restore all databases to one moment");
        }
        told.Knows.ShouldBe(["1 Ann", "2 Bob"]);
        (await told.Health()).Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public async Task Whoever_says_everything_again_after_many_starts_is_understood()
    {
        var (broker, database) = (await RealServers.CreateVirtualHost(), await RealServers.CreateDatabase("paying"));
        await using var told = await ToldHouse.Start(await RealServers.CreateDatabase("told"), broker);
        string[] names = ["Ann", "Bob", "Eve"];
        for (var start = 0; start < names.Length; start++)
        {
            await using var house = await PayingHouse.Start(database, broker);
            await house.Pays(names[start]);
            await told.IsTold(start + 1);
        }

        await using (var house = await PayingHouse.Start(database, broker))
        {
            await house.PublishesAgain();
            // No envelope spans two lives of the writer.
            await told.IsTold(6);
        }

        told.Knows.ShouldBe(["1 Ann", "2 Bob", "3 Eve"]);
        (await told.Health()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Restored_to_the_last_thing_it_said_a_house_goes_on()
    {
        var (broker, database) = (await RealServers.CreateVirtualHost(), await RealServers.CreateDatabase("paying"));
        await using var told = await ToldHouse.Start(await RealServers.CreateDatabase("told"), broker);
        await using (var house = await PayingHouse.Start(database, broker))
        {
            await house.Pays("Ann");
            await told.IsTold(1);
        }

        await using (var restored = await PayingHouse.Start(await Houses.Backup(database), broker))
        {
            await restored.Pays("Bob");
            await told.IsTold(2);
        }

        told.Knows.ShouldBe(["1 Ann", "2 Bob"]);
        (await told.Health()).Status.ShouldBe(HealthStatus.Healthy);
    }
}
