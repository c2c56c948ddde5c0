namespace CarbonMarket.MainJob.Registry;

public sealed class FaultsInTheFiles
{
    [Theory]
    [InlineData("emissions_2021,", "", 1, 17, "emissions_2021")]
    [InlineData("operator_id,", "", 1, 17, "operator_id")]
    [InlineData("cumulative_surrenders,", "", 1, 17, "cumulative_surrenders")]
    [InlineData(",nace_description", "", 1, 17, "nace_description")]
    [InlineData("status_2022,", "", 1, 17, "status_2022")]
    public void A_missing_column_is_named(string column, string replacement, int line, int number, string name)
    {
        var header = FilePair.OperatorsHeader.Replace(column, replacement, StringComparison.Ordinal);
        var faults = FilePair.Read([header], [FilePair.AllocationHeader]).Faults;
        faults.ShouldContain(fault => fault.Line == line && fault.Column == number && fault.ColumnName == name
            && fault.Message.Contains("missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(",100,200,300,300,", ",-100,200,300,300,", 10, "emissions_2021", "negative")]
    [InlineData(",100,200,300,300,", ",100.5,200,300,300,", 10, "emissions_2021", "whole number")]
    [InlineData(",100,200,300,300,", ",1e2,200,300,300,", 10, "emissions_2021", "digits")]
    [InlineData(",100,200,300,300,", ",100,many,300,300,", 11, "emissions_2022", "not a number")]
    [InlineData(",100,200,300,300,", ",100,excluded,300,300,", 11, "emissions_2022", "not a number")]
    [InlineData(",100,200,300,300,", ",100,20000000000,300,300,", 11, "emissions_2022", "more than")]
    [InlineData(",100,200,300,300,", ",100,200,300,-1,", 13, "cumulative_surrenders", "negative")]
    [InlineData(",100,200,300,300,", ",100,200,300,,", 13, "cumulative_surrenders", "empty")]
    [InlineData(",100,200,300,300,", ",100,200,301,300,", 12, "cumulative_emissions", "which is 300")]
    [InlineData(",2021,,", ",1821,,", 8, "first_year", "known year")]
    [InlineData(",2021,,", ",,,", 8, "first_year", "known year")]
    [InlineData(",2021,,", ",2021,20x2,", 9, "last_year", "known year")]
    [InlineData(",2021,,100,200,", ",2022,2021,,,", 9, "last_year", "before the first year")]
    [InlineData(",2021,,", ",2022,,", 10, "emissions_2021", "outside")]
    [InlineData(",2021,,", ",2021,2021,", 11, "emissions_2022", "outside")]
    [InlineData(",1000001,", ",,", 5, "operator_id", "number")]
    [InlineData(",1000001,", ",100-1,", 5, "operator_id", "number")]
    [InlineData(",A,A,", ",A,D,", 15, "status_2022", "compliance status")]
    public void A_wrong_cell_of_an_operator_is_named(string right, string wrong, int column, string name, string why)
    {
        var row = FilePair.Operator.Replace(right, wrong, StringComparison.Ordinal);
        var reading = FilePair.ReadOperators(FilePair.Excluded, row);
        reading.Extract.ShouldBeNull();
        reading.Faults.ShouldContain(fault => fault.File == "operators.csv" && fault.Line == 3 && fault.Column == column
            && fault.ColumnName == name && fault.Message.Contains(why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(",120,5,125,", ",120,5,126,", 7, "total_2021", "120 + new entrants' reserve 5")]
    [InlineData(",120,5,125,", ",-120,5,125,", 5, "standard_2021", "negative")]
    [InlineData(",120,5,125,", ",120,0.5,125,", 6, "ner_2021", "whole number")]
    [InlineData(",1000001,", ",1000009,", 2, "installation_id", "not in the operators' file")]
    public void A_wrong_cell_of_the_allocation_is_named(string right, string wrong, int column, string name, string why)
    {
        var reading = FilePair.ReadAllocation(FilePair.Allocated.Replace(right, wrong, StringComparison.Ordinal));
        reading.Extract.ShouldBeNull();
        var fault = reading.Faults.ShouldHaveSingleItem();
        fault.File.ShouldBe("allocation.csv");
        (fault.Line, fault.Column, fault.ColumnName).ShouldBe((2, column, name));
        fault.Message.ShouldContain(why);
    }

    [Fact]
    public void Allocation_for_a_year_the_operator_does_not_account_for_is_named()
    {
        var started = FilePair.Operator.Replace(",2021,,100,", ",2022,,,", StringComparison.Ordinal)
            .Replace(",300,300,", ",200,200,", StringComparison.Ordinal);
        var fault = FilePair.Read([FilePair.OperatorsHeader, started], [FilePair.AllocationHeader, FilePair.Allocated])
            .Faults.ShouldHaveSingleItem();
        (fault.File, fault.Line, fault.Column).ShouldBe(("allocation.csv", 2, 7));
    }

    [Fact]
    public void An_operator_may_be_listed_once()
    {
        var fault = FilePair.ReadOperators(FilePair.Operator, FilePair.Excluded, FilePair.Operator).Faults.ShouldHaveSingleItem();
        (fault.Line, fault.Column).ShouldBe((4, 5));
        fault.Message.ShouldBe("Operator 1000001 is already on line 2.");
    }

    [Fact]
    public void An_operators_allocation_may_be_listed_once()
    {
        var fault = FilePair.ReadAllocation(FilePair.Allocated, FilePair.Allocated).Faults.ShouldHaveSingleItem();
        (fault.Line, fault.Column).ShouldBe((3, 2));
    }

    [Fact]
    public void A_column_of_an_unknown_year_is_named()
    {
        var header = FilePair.OperatorsHeader.Replace("emissions_2022", "emissions_20x2", StringComparison.Ordinal);
        var faults = FilePair.Read([header, FilePair.Operator], [FilePair.AllocationHeader]).Faults;
        faults.ShouldContain(fault => fault.Line == 1 && fault.Column == 11 && fault.ColumnName == "emissions_20x2");
    }

    [Fact]
    public void A_year_left_out_between_two_is_a_missing_column()
    {
        var header = FilePair.AllocationHeader.Replace("2022", "2023", StringComparison.Ordinal);
        var faults = FilePair.Read([FilePair.OperatorsHeader, FilePair.Operator], [header]).Faults;
        faults.Select(fault => fault.ColumnName).ShouldBe(["standard_2022", "ner_2022", "total_2022"], ignoreOrder: true);
    }

    [Fact]
    public void All_faults_of_both_files_are_listed_in_order()
    {
        var reading = FilePair.Read(
            [
                FilePair.OperatorsHeader,
                FilePair.Operator.Replace(",100,200,", ",-100,2.5,", StringComparison.Ordinal),
                FilePair.Excluded.Replace("2021", "soon", StringComparison.Ordinal),
            ],
            [FilePair.AllocationHeader, FilePair.Allocated.Replace(",125,", ",9,", StringComparison.Ordinal)]);
        reading.Faults.Select(fault => (fault.File, fault.Line, fault.Column)).ShouldBe(
            [("operators.csv", 2, 10), ("operators.csv", 2, 11), ("operators.csv", 3, 8), ("allocation.csv", 2, 7)]);
    }

    [Fact]
    public void A_line_with_too_few_cells_is_named()
    {
        var fault = FilePair.ReadOperators("EA,Holder", FilePair.Operator).Faults.ShouldHaveSingleItem();
        (fault.Line, fault.Column).ShouldBe((2, 3));
    }

    [Fact]
    public void A_quotation_mark_that_is_never_closed_spoils_its_own_line_only()
    {
        var reading = FilePair.ReadOperators("EA,\"Holder" + FilePair.Excluded[9..], FilePair.Operator.Replace(",100,", ",x,", StringComparison.Ordinal));
        reading.Faults.Select(fault => fault.Line).ShouldBe([2, 3]);
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_fault()
    {
        using var pair = new FilePair([FilePair.OperatorsHeader, FilePair.Operator], [FilePair.AllocationHeader, FilePair.Allocated]);
        File.Delete(pair.OperatorsFile);
        RegistryFiles.Read(pair.OperatorsFile, pair.AllocationFile).Faults.ShouldHaveSingleItem()
            .Message.ShouldContain("cannot be read");
    }

    [Fact]
    public void A_file_without_rows_or_text_is_a_fault()
    {
        FilePair.Read([FilePair.OperatorsHeader], [FilePair.AllocationHeader]).Faults.ShouldHaveSingleItem();
        FilePair.Read([], [FilePair.AllocationHeader]).Faults.ShouldHaveSingleItem().Message.ShouldContain("empty");
    }

    [Fact]
    public void Text_that_is_not_utf_8_is_a_fault_with_its_line()
    {
        using var pair = new FilePair([FilePair.OperatorsHeader, FilePair.Operator], [FilePair.AllocationHeader]);
        File.AppendAllText(pair.OperatorsFile, "caf\u00e9", System.Text.Encoding.Latin1);
        RegistryFiles.Read(pair.OperatorsFile, pair.AllocationFile).Faults.ShouldHaveSingleItem().Line.ShouldBe(3);
    }
}
