from service.answering.names import Names, forms_to_look_up, missing_share, names_of


def test_names_years_and_numbers_of_a_question() -> None:
    found = names_of("Did the EU fund Budapest's 2019 plan for 1,200 people?")
    assert found == Names(("EU", "Budapest"), ("2019",), ("1200",))


def test_a_word_that_begins_a_sentence_is_no_name_unless_it_is_an_acronym() -> None:
    assert names_of("States answered. Fees rose.").names == ()
    assert names_of("IOM answered.").names == ("IOM",)


def test_parts_of_a_name_count_alone() -> None:
    assert names_of("the Iber-Lepenc canal of CW/ISCM/04").names == ("Iber", "Lepenc", "CW", "ISCM")


def test_a_plural_a_case_and_a_derived_word_stand_for_the_name() -> None:
    assert missing_share(["ISCM", "peruvians"], "iscms in Peruvian towns") == 0.0
    assert missing_share(["1200"], "for 1,200 people") == 0.0


def test_the_share_of_names_that_a_text_lacks() -> None:
    assert missing_share(["Peru", "Chile"], "in Chile") == 0.5
    assert missing_share([], "in Chile") == 0.0
    assert missing_share(["EU"], "the euro") == 1.0


def test_a_derived_name_is_looked_up_in_the_forms_that_it_may_come_from() -> None:
    assert "Algeria" in forms_to_look_up("Algerian")
    assert "Canada" in forms_to_look_up("Canadian")
    assert "Timor" in forms_to_look_up("Timorese")
    assert forms_to_look_up("UNHCR") == ("UNHCR",)


def test_a_kind_of_things_and_a_label_are_not_looked_up() -> None:
    assert forms_to_look_up("ISCMs") == ()
    assert forms_to_look_up("FY2011") == ()
