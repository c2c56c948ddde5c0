namespace CarbonMarket.MainJob.Registry;

public sealed class ReadingTheRegistry
{
    [Fact]
    public void The_shipped_files_hold_670_operators_of_four_years()
    {
        Shipped.Extract.Operators.Length.ShouldBe(670);
        Shipped.Extract.Years.ShouldBe([2021, 2022, 2023, 2024]);
        Shipped.Extract.PublishedSurrendered.ShouldBe(200_365_029);
        Shipped.Extract.Operators.Sum(row => row.CumulativeEmissions).ShouldBe(200_422_574);
        Shipped.Extract.Operators.Count(row => row.PublishedStatus is not null).ShouldBe(641);
        Shipped.Extract.Operators.Count(row => row.Allocation.Count > 0).ShouldBeInRange(200, 244);
    }

    [Fact]
    public void A_cell_of_emissions_is_a_number_nothing_or_an_exclusion()
    {
        var reading = FilePair.Read(
            [FilePair.OperatorsHeader, FilePair.Operator, FilePair.Excluded], [FilePair.AllocationHeader, FilePair.Allocated]);
        reading.Faults.ShouldBeEmpty();
        var (first, second) = (reading.Extract!.Operators[0], reading.Extract.Operators[1]);
        first.EmittedIn(2022).ShouldBe(200);
        first.AllocatedIn(2021).ShouldBe(125);
        first.LastYear.ShouldBeNull();
        second.IsExcludedIn(2021).ShouldBeTrue();
        second.EmittedIn(2022).ShouldBeNull();
        second.LastYear.ShouldBe(2022);
        second.PublishedStatus.ShouldBeNull();
    }

    [Fact]
    public void Shuffled_rows_are_the_same_registry()
    {
        var inOrder = FilePair.Read(
            [FilePair.OperatorsHeader, FilePair.Operator, FilePair.Excluded], [FilePair.AllocationHeader]);
        var shuffled = FilePair.Read(
            [FilePair.OperatorsHeader, FilePair.Excluded, FilePair.Operator], [FilePair.AllocationHeader]);
        shuffled.Extract!.Operators.Select(row => row.Id).ShouldBe(inOrder.Extract!.Operators.Select(row => row.Id));
    }

    [Fact]
    public void Years_come_from_the_columns()
    {
        string Later(string text) => text.Replace("2022", "2031", StringComparison.Ordinal)
            .Replace("2021", "2030", StringComparison.Ordinal);
        var reading = FilePair.Read([Later(FilePair.OperatorsHeader), Later(FilePair.Operator)],
            [Later(FilePair.AllocationHeader), FilePair.Allocated]);
        reading.Faults.ShouldBeEmpty();
        reading.Extract!.Years.ShouldBe([2030, 2031]);
        reading.Extract.Operators[0].AllocatedIn(2031).ShouldBe(50);
    }

    [Fact]
    public void Half_of_the_operators_are_a_registry_too()
    {
        var chosen = Shipped.Extract.Operators.Where((_, index) => index % 2 == 0).Select(row => row.Id).ToHashSet();
        var operators = File.ReadAllLines(Shipped.OperatorsFile);
        var allocation = File.ReadAllLines(Shipped.AllocationFile);
        var reading = FilePair.Read(
            [operators[0], .. operators.Skip(1).Reverse().Where(line => chosen.Any(id => line.Contains($",{id},", StringComparison.Ordinal)))],
            [allocation[0], .. allocation.Skip(1).Where(line => chosen.Contains(line.Split(',')[1]))]);
        reading.Faults.ShouldBeEmpty();
        reading.Extract!.Operators.Length.ShouldBe(335);
    }
}
