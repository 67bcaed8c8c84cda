"""Names known in advance: given names by gender, places, demonyms, and organisations that no keyword betrays."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _lines(text: str) -> frozenset[str]:
    return frozenset(item.strip() for item in text.replace("\n", ",").split(",") if item.strip())


MALE_NAMES = _words("""
Aaron Abbas Abdel Abdou Abdoul Abdul Abdulaziz Abdullah Abdulla Abdurrahman Abel Abraham Abu Adam Adama Adel Adil Adnan Adolf Adolfo Adrian
Ahmad Ahmed Ahmet Aidan Ajay Akbar Akhmed Akira Alain Alan Albert Alberto Alec Alejandro Aleksandar Aleksander Aleksandr Aleksei
Aleksey Alessandro Alex Alexander Alexandr Alexandre Alexandros Alexei Alexey Alexis Alfonso Alfred Alfredo Ali Alistair Allan Allen Alpha Álvaro Alvaro
Amadou Amin Amir Amit Amos Anand Anatoli Anatoly Anders Andre André Andrea Andreas Andrei Andrej Andrés Andres Andrew Andrey Andriy Andrzej Andy
Angus Anibal Anil Antoine Anton Antonio António Antony Anthony Anwar Ariel Aristide Armando Arnold Arsen Arseniy Artem Arthur Artur Arturo Arun Arvind Ashok Ashraf
Asif Atiku Augusto Augustin Avigdor Aziz Babatunde Baha Barack Barry Bart Bashar Basil Bassam Bassem Ben Benedict Benjamin Benny Bernard Bernardo Bernie
Bernhard Bertrand Bilal Bilawal Bill Billy Binyamin Bob Bobby Bogdan Boris Boyd Brad Bradley Brandon Brendan Brent Brett Brian Bruce Bruno Bryan Bryce Burhan
Byron Caleb Calvin Cameron Carl Carlo Carlos Carter Cecil Celso César Cesar Chad Charles Charlie Chester Chidi Chris Christian Christoph Christophe Christopher
Chuck Chad Cheikh Claude Claudio Claus Clay Clayton Cliff Clifford Clint Clinton Clive Clyde Cole Colin Connor Constantin Corey Cory Craig Cristian Cristiano
Curt Curtis Cyril Cyrus Daisuke Dale Damian Damien Damon Dan Daniel Daniil Danilo Danny Dante Darrell Darren Dave David Davis Dean Deepak Denis Dennis Denys
Derek Derrick Desmond Devin Didier Diego Dieter Dilip Dimitri Dimitris Dinesh Dirk Djamel Djibril Dmitri Dmitriy Dmitry Dmytro Dominic Dominik Dominique Don Donald
Donnie Doug Douglas Drew Duncan Dustin Dwayne Dwight Earl Ed Eddie Edgar Edgardo Eduard Eduardo Edmund Edward Edwin Efraín Ehud Elias Eli Elijah Elliot
Elliott Elmar Elon Elton Emad Emanuel Emil Emilio Emir Emmanuel Emmanuele Enrico Enrique Eric Erick Erik Ernest Ernesto Ernst Erwin Esteban Ethan Étienne Eugene
Eugenio Evan Evo Evgeny Ezra Fabian Fabio Fahad Faisal Farid Farouk Farooq Fathi Faustin Fayez Federico Felipe Félix Felix Ferdinand Fernando Fidel Filip Floyd
Francesco Francis Francisco Franco François Francois Frank Franklin Franz Fred Freddy Frederic Frédéric Frederick Friedrich Fritz Fuad Fumio Gabriel Gareth Garry Gary Gavin
Gene Geoff Geoffrey Georg George Georges Georgi Georgios Georgy Gerald Gerard Gerardo Gerhard Germán Gernot Gerry Gianluca Gilbert Gilberto Giles Gilles Giorgi
Giorgio Giovanni Girija Giulio Giuseppe Glen Glenn Godfrey Gonzalo Goodluck Gopal Gordon Goran Graeme Graham Grant Greg Gregg Gregor Gregory Grigory Guido Guillaume
Guillermo Gunnar Gunther Gurpreet Gus Gustavo Guy Habib Hafiz Haidar Haider Haile Hakan Hakim Hamad Hamed Hamid Hamza Hank Hannes Hans Hao Hari Harold Haroon
Harry Harsh Harun Harvey Hasan Hashim Hassan Hector Héctor Heiko Heinrich Heinz Helmut Hendrik Henning Henri Henrik Henrique Henry Herbert Herman Hermann
Hernán Hervé Hideki Hikmet Hilal Hiroshi Hisham Horacio Horst Hosni Hossein Howard Hubert Hugh Hugo Humberto Hun Hussain Hussein Ian Ibrahim Ibrahima
Idriss Idris Ignacio Igor Ihor Ilham Ilya Imad Imran Imre Ion Irakli Irfan Iskander Ismael Ismail Issa Issam Ivan Iván Ivo Jabbar Jabir Jack Jackson Jacob
Jacques Jafar Jaime Jair Jairo Jake Jakob Jalal Jamal James Jamie Jamil Jan Janez Janos János Jared Jaroslaw Jarosław Jason Javad Javed Javier Jay Jayden Jean Jed
Jeff Jefferson Jeffrey Jens Jeremiah Jeremy Jerome Jérôme Jerry Jesse Jesús Jim Jimmy Joachim João Joaquín Jochen Joe Joel Joern Johan Johann Johannes John Johnathan
Johnnie Johnny Jomo Jon Jonas Jonathan Jordan Jordi Jorge Jörg Jose José Josef Joseph Josep Josh Joshua Jovan Juan Jude Juha Jules Julian Julien Julio
Julius Jun Junaid Jürgen Juergen Justin Kamal Kamel Karim Karl Karol Karsten Karthik Kassim Kassym Keith Kemal Ken Kenneth Kenny Kent Kevin Khaled Khalid Khalifa Khalil
Kier Keir Kirill Kirk Kiran Kiril Klaus Kofi Koichi Konrad Konstantin Kris Krishna Krzysztof Kumar Kurt Kwame Kwasi Kyle Kyriakos Lachlan Lamar Lamine Lance Larry
Lars Laszlo László Laurent Laurence Lawrence Lech Lee Leif Len Leo León Leon Leonard Leonardo Leonel Leonid Leopoldo Leroy Leslie Lester Lev Levi Lewis Liam
Linus Lionel Lloyd Logan Loren Lorenzo Louis Luc Luca Lucas Lucio Ludwig Luigi Luis Luís Lukas Luke Lutz Lyndon Macky Magnus Mahamat Mahathir Mahdi Maher Mahesh
Mahinda Mahmood Mahmoud Mahmud Malcolm Malik Mamadou Mamoun Mandla Manfred Manmohan Manoj Manuel Marat Marc Marcel Marcelo Marcin Marco Marcos Marcus Marek Marian Mariano
Mario Mariusz Mark Marko Markus Marlon Martin Martín Marty Marvin Marwan Massimo Mateo Mateusz Mathew Mathias Mathieu Mats Matt Matteo Matthew Matthias Matthieu
Maurice Mauricio Maurizio Maulana Max Maxim Maxime Maximilian Mehdi Mehmet Mehmood Mehul Melvin Menachem Miguel Mihai Mike Mikael Mikhail Mikhailo Mick Mickey Miki
Micah Michael Michal Michał Michel Milan Miles Milorad Miloš Milos Milton Miro Miroslav Mircea Mitch Mitchell Mitt Mo Modou Moe Mohamad Mohamed Mohammad Mohammed
Mohamud Mohan Mohd Mohsen Moises Moisés Mojtaba Moncef Morgan Morris Moses Moshe Moussa Mubarak Muhamad Muhammad Muhammadu Mukesh Mukhtar Munir Murad Murat Mustafa
Mustapha Mwai Mykhailo Mykola Nabil Nadir Naftali Nana Narayan Narendra Naseer Nasir Nasser Nassim Nate Nathan Nathaniel Nawaz Nayef Nayib Ned Neil Nelson Néstor Nestor Nguyen
Nicholas Nick Nicola Nicolas Nicolás Niels Nigel Nikita Niklas Nikol Nikola Nikolai Nikolaos Nikolas Nikolay Nikos Nitin Noah Noam Noel Norbert Norman Nouri Nursultan
Octavio Odd Olaf Oleg Oleh Oleksandr Oleksiy Oliver Olivier Olusegun Omar Omer Oren Orlando Oscar Óscar Osama Osman Otto Owen Ousmane Pablo Paddy Paolo Parviz Pascal
Pat Patrice Patricio Patrick Paul Paulo Pavel Pavlo Pawel Paweł Pedro Per Perry Pervez Pete Peter Petr Petro Petros Phil Philip Philipp Philippe Phillip Pierre Piero
Pieter Piotr Piyush Prabhu Prakash Pranab Prasad Pravin Preston Prosper Quentin Quincy Rachid Radek Radoslaw Radosław Rafael Rafal Rafał Rafiq Rafik Raghu Rahim Rahman Rahul
Rainer Raj Rajan Rajesh Rajiv Rajnath Raju Rakesh Ralf Ralph Ram Ramesh Ramin Ramiro Rami Ramón Ramon Ramzan Rand Randall Randolph Randy Rao Raphael Rashid Raúl Raul Ravi Ray Raymond
Recep Reginald Reggie Reid Reinhard Remi Rémi Renato Renaud René Rene Reuben Reuven Rex Reza Ricardo Richard Rick Ricky Rob Robbie Robert Roberto Robin Rod Roderick Rodney Rodolfo Rodrigo
Rodrigue Roger Rohan Rohit Roland Rolf Roman Romano Romeo Ron Ronald Ronan Ronnie Ronny Rory Ross Roy Ruben Rubén Rudi Rudolf Rudolph Rudy Rui Rupert Ruslan Russ Russell Rustam Ryan
Saad Saddam Sadiq Saeed Said Sajid Salah Saleh Salem Salim Salman Salva Salvador Salvatore Sam Sameh Sameer Sami Samir Samuel Sandeep Sandro Sanjay Sanjeev Santiago
Santosh Sardar Sasha Satish Satoshi Saul Saúl Scott Sean Sebastian Sebastián Sébastien Sebastien Selim Serge Sergei Sergey Serhiy Sergio Seth Shah Shahbaz Shahid Shane Sharif Shaun
Shawn Shehbaz Sheldon Sherif Sherrod Shigeru Shimon Shinzo Shiv Shivraj Sid Sidney Silvio Simon Slobodan Sofiane Solomon Stan Stanislav Stanley Stefan Stefano Stefanos Steffen
Stephan Stephane Stéphane Stephen Sterling Steve Steven Stewart Stuart Subhash Sudhir Suleiman Suleyman Sultan Sunil Suresh Sushil Sven Svetozar Sylvain Sylvester Syed Taha Tahir Taieb Takashi Takeshi
Talal Tamer Tanner Tarek Tariq Taro Tarun Tayyip Ted Temir Terence Terrance Terrence Terry Thabo Thaksin Thad Theo Theodor Theodore Theodoros Thierry Thom Thomas Thorsten Tiago Tim Timothy Tito
Tobias Toby Todd Tom Tomas Tomás Tomasz Tommy Toni Tony Tor Toshiro Travis Trent Trevor Trey Tristan Troy Tshering Tucker Tyler Tyrone Uhuru Ulrich Umar Umaru Umberto Usman
Uri Vaclav Václav Vadim Valentin Valeri Valeriy Valery Vasily Venkaiah Vernon Vicente Víctor Victor Vijay Vikram Viktor Vince Vincent Vincenzo Vinod Virgil Vishal Vitaliy Vitaly Vito Vlad Vladimir
Vladislav Volker Volodymyr Vyacheslav Wade Wael Waleed Walid Wallace Wally Walter Warren Wayne Wendell Werner Wesley Wilbur Wiktor Wilfred Wilhelm Will Willem William Willie Willy Wilson Winston
Wladimir Wojciech Wolfgang Xavier Yahya Yair Yakov Yanis Yannick Yasser Yasir Yassin Yehuda Yevgeny Yitzhak Yogi Yoshihide Yoshi Yoweri Yuri Yuriy Yury Yusuf Yousef Youssef Yves Zac Zach Zachary
Zaher Zahid Zain Zakaria Zaki Zane Zbigniew Zeid Zeljko Zheng Ziad Zine Zoltan Zoltán Zoran Zubair Harmeet Hillel Chaim Yaakov Avi Shlomo Amnon Gadi Ildefonso Rodolfo Amílcar Ronaldo
""")

FEMALE_NAMES = _words("""
Abigail Ada Adela Adele Adriana Adrienne Agnes Agnès Aicha Aïcha Aileen Aimee Aisha Alana Alba Alejandra Aleksandra Alena Alessandra Alexa Alexandra Alexandria Alexia Alice Alicia
Alina Alisa Alison Aliya Allison Allyson Alma Alona Alyssa Amal Amalia Amanda Amara Amber Amelia Amélie Amina Aminata Amira Amrita Amy Ana Anabel Anastasia Anastasiya Andreea Angela
Angelica Angelina Angélique Angelique Anissa Anita Anja Anjali Anke Ann Anna Annabel Annalena Anne Annegret Annelies Annette Annie Annika Antje Antonella Antonia Anya Apolline Arancha Ariana Arlene Asha Ashley
Ashleigh Asma Assia Astrid Audrey Aung Aurora Ava Ayanna Ayelet Ayesha Aysha Azadeh Barbara Barbora Beata Beatrice Beatrix Beatriz Becky Begoña Belinda Benazir Bernadette Bernice Bertha Bessie
Beth Bethany Betsy Betty Beverly Bianca Birgit Birgitte Blanca Bonnie Brandi Brenda Bridget Brigitte Britney Brittany Brooke Caitlin Camila Camilla Camille Candace Candice Carina Carla
Carly Carlotta Carmen Carol Carole Carolina Caroline Carolyn Carrie Caryn Cassandra Cassie Catalina Catarina Caterina Catherine Cathy Cécile Cecilia Celeste Celia Céline Celine Charlene Charlotte Charmaine Chelsea Cherie
Cheryl Chiara Chloe Chloé Christa Christiane Christie Christina Christine Christy Chrystia Cindy Claire Clara Clare Clarice Clarissa Claudette Claudia Claudine Colette Colleen Concepción Condoleezza Connie Consuelo Cora Corinne
Cornelia Courtney Cristina Crystal Cynthia Daisy Dalia Dana Daniela Danielle Daphne Daria Darlene Darya Dawn Deanna Debbie Deborah Debra Deirdre Delia Delphine Denise Desiree Diana Diane Dianne
Dilma Dina Dolly Dolores Dominika Donna Dora Dorothea Dorothy Edith Edna Eileen Elaine Eleanor Elena Elene Eleni Eliane Elina Elinor Elisa Elisabeth Élisabeth Elise Eliza Elizabeth Ella Ellen Elsa Elsie Elvira
Emily Emma Erica Erika Erin Erna Ersilia Esmeralda Esperanza Estelle Esther Ethel Eugenia Eunice Eva Eve Evelyn Evgenia Fabiola Faith Farah Farida Fatima Fatma Fatou Fay Faye Federica Felicia Fiona
Flavia Flora Florence Fran Frances Francesca Francine Françoise Frauke Frederica Freya Frida Gabriela Gabriella Gabrielle Gail Galina Gemma Geneviève Genevieve Georgia Georgina Geraldine Gerda Gertrude Gillian Gina Giorgia
Gisele Giulia Gladys Glenda Gloria Golda Grace Greta Gretchen Guadalupe Gwen Gwendolyn Gwyneth Habiba Hajar Hala Haley Halima Hanan Hanna Hannah Harriet Hayley Hazel Heather Hedwig Heidi Heike Helen Helena Helene Hélène Helga
Helle Hilary Hilda Hillary Hina Hoda Holly Hope Huda Huma Ida Ilana Ilhan Imelda Imogen Ina Indira Ine Ines Inés Inês Inga Ingrid Inna Ioana Irene Irina Iris Irma Iryna Isabel Isabella Isabelle
Ivana Ivanka Ivonne Jacinda Jackie Jaclyn Jacqueline Jacqui Jada Jamila Jana Jane Janelle Janet Janice Janine Jasmine Jayne Jean-Marie Jeane Jeanette Jeanne Jeannette Jen Jenna Jennie Jennifer Jenny Jess Jessica
Jill Jo Joan Joana Joanna Joanne Jocelyn Jodi Jody Johanna Joni Josefina Josephine Joy Joyce Juana Juanita Judith Judy Julia Juliana Julie Juliet Julieta Julija Juliette June Kaja Kamala Karen Kari Karin Karina Karine
Karla Karolina Kate Katerina Katharina Katharine Katherine Kathie Kathleen Kathryn Kathy Katia Katie Katja Katrin Katrina Katy Katya Kay Kayla Kaylee Keisha Kellyanne Kelly Kendra Kerry Keiko Khadija Kim Kimberly Kirsten Kirstie
Kirstjen Klara Kristalina Kristen Kristi Kristin Kristina Kristine Krystal Ksenia Kyra Laila Lana Lara Larisa Latifa Latoya Laura Lauren Laurie Layla Lea Leah Leanne Leila Leena Lena Leni Leonor Leonora Leticia Letizia Leyla Lidia Liesl
Lila Lilia Liliana Lillian Lily Lina Linda Lindsay Lindsey Lisa Lise Lisbeth Liudmila Livia Liz Liza Lizzie Loretta Lori Lorena Lorna Lorraine Lottie Louisa Louise Lourdes Lubna Lucia Lucía Lucie Lucille Lucinda Lucy Ludmila
Luisa Luise Lulu Luz Lydia Lyn Lynda Lynette Lynn Lynne Mabel Madeleine Madeline Madison Mae Magda Magdalena Maggie Maha Maia Maite Malala Malgorzata Małgorzata Mandy Manal Manuela Mara Marcela Marcia Margaret Margarita Margarita Margherita Margo Margot
Marguerite Maria María Mariah Mariam Mariana Marianne Mariano-Rita Maribel Marie Mariela Marietta Marija Marilyn Marina Marine Marion Marisa Marisol Marissa Marit Mariya Marjorie Marlene Marsha Marta Martha Martina Mary Maryam Maryna Marwa Mathilde Matilda
Maud Maureen Maxine Maya Mayra Mayumi Meagan Meg Megan Meghan Megyn Melanie Melania Melinda Melissa Mercedes Meredith Meryem Mette Mia Michaela Michele Michelle Michèle Mila Milena Mildred Mina Miranda Miriam Mireille Misty Mitzi Moira Molly Mona Monica
Mónica Monika Monique Morgane Mouna Muriel Myra Myriam Myrtle Nada Nadezhda Nadia Nadine Nadiya Nadja Najat Nancy Naomi Narges Nasreen Nasrin Natalia Natalie Natalya Nataliya Natasha Nathalie Nawal Neda Nelly Nena Nermin Nevena Ngozi Nichola
Nicole Nicolette Nikki Nina Nirmala Noelle Noor Nora Norma Nour Nunzia Octavia Odile Ofelia Oksana Olena Olga Olha Olive Olivia Olya Oprah Orla Oxana Paige Paloma Pam Pamela Paola Parveen Patience Patricia Patrizia Patsy Patti Patty Paula Paulina Pauline Payal Pearl Peggy
Penelope Penny Petra Philippa Phoebe Phyllis Pilar Polina Polly Portia Pratibha Priscilla Priti Priya Priyanka Purnima Rachael Rachel Rachida Rada Rahel Raisa Rana Rania Raquel Rasha Rebecca Rebekah Regina Reina Renata Renate Renée Renee Rhonda
Rihanna Rita Roberta Robyn Rocío Rosa Rosalie Rosalind Rosalynn Rosalyn Rosanna Rosario Rose Roseanne Roseann Rosemarie Rosemary Rosie Roxana Roxane Roxanne Rukmini Ruth Ruthie Sabina Sabine Sabrina Sadie Safia Sahle Sally Salma Salome Samantha Samia Samira Sana Sandra
Sandy Sania Sanna Sara Sarah Saskia Savannah Selena Selma Serena Seyran Shabana Shakira Shannon Shari Sharon Sharyn Sheila Shelby Shelley Shelly Sherri Sherry Sheryl Shireen Shirin Shirley Shonda Siham Silvia Silvina Simona Simone Siobhan Sofia
Sofía Sonia Sonja Sonya Sophia Sophie Soraya Stacey Stacy Stefania Stefanie Stella Stephanie Stéphanie Stormy Sue Suellen Sukanya Summer Sunita Susan Susana Susanna Susanne Susie Sushma Suu Suzanne Suzy Svetlana Svitlana Sylvia Sylvie Tabitha
Taisia Tamar Tamara Tamika Tammy Tania Tanja Tanya Tara Tasha Tatiana Tatyana Tawakkol Teresa Terri Tess Tessa Thelma Theresa Therese Tiffany Tina Tonya Tracey Traci Tracy Trish Tricia Trudy Tulsi Tzipi Ulrike Ursula Usha Uta Valentina Valérie Valeria Valerie Vanessa
Vera Verena Veronica Verónica Veronika Vicki Vicky Victoria Viktoria Viktoriya Viola Violeta Violet Virginia Viviane Vivian Vivien Vivienne Vivianne Wafa Wanda Wangari Wendy Whitney Whoopi Wilma Winifred Winnie Xenia Ximena Yael Yana Yasmin Yasmine Yelena Yevgenia Yolanda
Yoko Yuliya Yulia Yuriko Yvette Yvonne Zahra Zainab Zara Zelda Zeinab Zoe Zoë Zoya Zuzana Zsuzsanna Abla Amelize Darlene Quina Heba Hend Ghada Aminatou Fatoumata Keron-Ann
""")

# Given names that men and women bear, so that they prove a person but no gender.
NEUTRAL_NAMES = _words(
    """Alex Andrea Angel Ariel Ashley Avery Blair Cameron Carey Casey Chris Dakota Dana Devin Dominique Drew Dylan Jamie Jan Jean Jo Jody Jordan Kelly Kerry Kim Lee Leslie
    Marian Mo Morgan Nicola Noor Pat Quinn Reese Riley Robin Rowan Sam Sandy Sasha Shannon Sidney Skyler Stacy Taylor Terry Tracy Yan Li Wang Xi Chen Zhang Liu Min Ban Park Moon Ho Nana Jackie"""
)

COUNTRIES = _lines("""
Afghanistan, Albania, Algeria, Andorra, Angola, Antigua, Argentina, Armenia, Australia, Austria, Azerbaijan, Bahamas, Bahrain, Bangladesh, Barbados, Belarus, Belgium, Belize, Benin
Bhutan, Bolivia, Bosnia, Bosnia and Herzegovina, Bosnia-Herzegovina, Botswana, Brazil, Brunei, Bulgaria, Burkina Faso, Burma, Burundi, Cambodia, Cameroon, Canada, Cape Verde, Central African Republic, Chile
China, Colombia, Comoros, Congo, Costa Rica, Croatia, Cuba, Cyprus, Czech Republic, Czechia, Czechoslovakia, Denmark, Djibouti, Dominica, Dominican Republic, East Timor, Ecuador, Egypt, El Salvador
England, Equatorial Guinea, Eritrea, Estonia, Eswatini, Ethiopia, Fiji, Finland, France, Gabon, Gambia, Georgia, Germany, Ghana, Great Britain, Britain, Greece, Greenland, Grenada, Guatemala, Guinea, Guinea-Bissau
Guyana, Haiti, Honduras, Hong Kong, Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Ivory Coast, Jamaica, Japan, Kazakhstan, Kenya, Kiribati, Kosovo, Kuwait, Kyrgyzstan, Laos, Latvia
Lebanon, Lesotho, Liberia, Libya, Liechtenstein, Lithuania, Luxembourg, Macau, Macedonia, Madagascar, Malawi, Malaysia, Maldives, Mali, Malta, Mauritania, Mauritius, Mexico, Moldova, Monaco, Mongolia, Montenegro, Morocco
Mozambique, Myanmar, Namibia, Nepal, Netherlands, New Zealand, Nicaragua, Niger, Nigeria, North Korea, North Macedonia, Northern Ireland, Norway, Oman, Pakistan, Palestine, Panama, Papua New Guinea, Paraguay, Peru
Philippines, Poland, Portugal, Puerto Rico, Qatar, Republic of Congo, Democratic Republic of Congo, Romania, Russia, Russian Federation, Rwanda, Saint Lucia, Samoa, San Marino, Saudi Arabia, Scotland, Senegal, Serbia
Seychelles, Sierra Leone, Singapore, Slovakia, Slovenia, Somalia, Somaliland, South Africa, South Korea, South Sudan, Spain, Sri Lanka, Sudan, Suriname, Swaziland, Sweden, Switzerland, Syria, Taiwan, Tajikistan
Tanzania, Thailand, Tibet, Timor-Leste, Togo, Tonga, Trinidad, Tobago, Trinidad and Tobago, Tunisia, Turkey, Türkiye, Turkmenistan, Uganda, Ukraine, United Arab Emirates, United Kingdom, United States
United States of America, U.S., US, U.S.A., USA, UK, U.K., UAE, DRC, America, Uruguay, USSR, Uzbekistan, Vanuatu, Vatican, Vatican City, Venezuela, Vietnam, Wales, Yemen, Yugoslavia, Zambia, Zimbabwe, Korea, Holy See
""")

PLACES = _lines("""
Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi
Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah
Vermont, West Virginia, Washington, Wisconsin, Wyoming, District of Columbia, Washington D.C., D.C., Guam, Ontario, Quebec, Québec, British Columbia, Alberta, Manitoba, Saskatchewan, Nova Scotia, Yukon
New South Wales, Queensland, Tasmania, Victoria, Bavaria, Saxony, Catalonia, Andalusia, Lombardy, Sicily, Crimea, Donbas, Donbass, Donetsk, Luhansk, Chechnya, Dagestan, Siberia, Tatarstan, Kashmir, Punjab, Sindh, Balochistan
Gujarat, Kerala, Tamil Nadu, Uttar Pradesh, Maharashtra, Karnataka, Assam, Bihar, Rajasthan, West Bengal, Xinjiang, Guangdong, Hubei, Darfur, Tigray, Oromia, Amhara, Gaza, Gaza Strip, West Bank, Golan Heights, Kurdistan
Nagorno-Karabakh, Abkhazia, South Ossetia, Transnistria, Anatolia, Balkans, Caucasus, Sahel, Horn of Africa, Africa, North Africa, West Africa, East Africa, Southern Africa, Central Africa, Asia, Southeast Asia, South Asia, Central Asia, East Asia
Europe, Eastern Europe, Western Europe, Central Europe, North America, South America, Latin America, Central America, Americas, Oceania, Middle East, Far East, Asia-Pacific, Arctic, Antarctica, Caribbean, Scandinavia, Baltics, Mediterranean, Atlantic
Pacific, Indian Ocean, Atlantic Ocean, Pacific Ocean, Black Sea, Baltic Sea, Red Sea, Caspian Sea, South China Sea, Persian Gulf, Arabian Sea, Amazon, Danube, Nile, Rhine, Volga, Himalayas, Alps, Sahara, Midwest
Abidjan, Abu Dhabi, Abuja, Accra, Addis Ababa, Adelaide, Aden, Albany, Aleppo, Alexandria, Algiers, Almaty, Amman, Amsterdam, Anchorage, Ankara, Antananarivo, Antwerp, Ashgabat, Asmara, Astana, Asunción, Athens, Atlanta, Auckland, Austin, Baghdad, Baku
Baltimore, Bamako, Bangalore, Bangkok, Bangui, Barcelona, Basra, Beijing, Beirut, Belfast, Belgrade, Benghazi, Berlin, Bern, Birmingham, Bishkek, Bogota, Bogotá, Bologna, Bombay, Boston, Brasilia, Bratislava, Brazzaville, Brisbane, Bristol, Brooklyn, Brussels
Bucharest, Budapest, Buenos Aires, Bujumbura, Cairo, Calcutta, Calgary, Canberra, Cape Town, Caracas, Cardiff, Casablanca, Charleston, Charlotte, Chennai, Chicago, Chisinau, Cincinnati, Cleveland, Cologne, Colombo, Columbus, Conakry, Copenhagen, Córdoba, Dakar
Dallas, Damascus, Dar es Salaam, Davos, Delhi, Denver, Detroit, Dhaka, Doha, Dubai, Dublin, Durban, Dushanbe, Düsseldorf, Edinburgh, Entebbe, Fallujah, Ferguson, Florence, Frankfurt, Freetown, Gaborone, Geneva, Genoa, Glasgow, Guangzhou, Guantanamo, Guatemala City
Hague, Hamburg, Hanoi, Harare, Harlem, Havana, Helsinki, Hiroshima, Hollywood, Homs, Honolulu, Houston, Hyderabad, Idlib, Indianapolis, Islamabad, Istanbul, Jakarta, Jeddah, Jerusalem, Johannesburg, Juba, Kabul, Kampala, Kandahar, Kansas City, Karachi, Kathmandu, Kazan
Kharkiv, Khartoum, Kherson, Kiev, Kigali, Kingston, Kinshasa, Kolkata, Kuala Lumpur, Kyiv, Lagos, Lahore, La Paz, Las Vegas, Leeds, Libreville, Lima, Lisbon, Liverpool, Ljubljana, Lomé, London, Long Beach, Long Island, Los Angeles, Luanda, Lusaka, Lviv, Lyon
Madrid, Malmö, Managua, Manama, Manchester, Manhattan, Manila, Maputo, Mariupol, Marrakech, Marseille, Mecca, Medina, Melbourne, Memphis, Mexico City, Miami, Milan, Milwaukee, Minneapolis, Minsk, Mogadishu, Mombasa, Monrovia, Monterrey, Montevideo, Montreal, Moscow, Mosul
Mumbai, Munich, Muscat, Nagasaki, Nairobi, Nanjing, Naples, Nashville, New Delhi, New Orleans, New York City, Newark, Niamey, Nicosia, Nouakchott, Novosibirsk, Oakland, Odesa, Odessa, Oklahoma City, Omaha, Orlando, Osaka, Oslo, Ottawa, Ouagadougou, Oxford, Palermo
Palo Alto, Panama City, Paris, Perth, Peshawar, Philadelphia, Phnom Penh, Phoenix, Pittsburgh, Podgorica, Port-au-Prince, Port Harcourt, Portland, Porto, Prague, Pretoria, Pristina, Pyongyang, Quito, Rabat, Raleigh, Ramallah, Rangoon, Raqqa, Reykjavik, Riga, Rio de Janeiro
Riyadh, Rome, Rotterdam, Sacramento, Salt Lake City, Salzburg, Samarkand, San Antonio, San Diego, San Francisco, San José, San Jose, San Juan, San Salvador, Sana'a, Sanaa, Santiago, Santo Domingo, São Paulo, Sao Paulo, Sarajevo, Seattle, Seoul, Sevastopol, Seville, Shanghai, Shenzhen, Sochi
Sofia, Srebrenica, Srinagar, St. Louis, St. Petersburg, St. Paul, Stockholm, Strasbourg, Stuttgart, Suva, Sydney, Taipei, Tallinn, Tampa, Tashkent, Tbilisi, Tegucigalpa, Tehran, Tel Aviv, Thessaloniki, Tijuana, Tirana, Tokyo, Toronto, Tripoli, Tulsa, Tunis, Turin, Ulaanbaatar
Valencia, Vancouver, Venice, Vienna, Vientiane, Vilnius, Vladivostok, Warsaw, Wellington, Windhoek, Winnipeg, Wuhan, Yangon, Yaoundé, Yerevan, Zagreb, Zurich, Zürich, Silicon Valley, Wall Street, Ground Zero, Bay Area, Southwest, Northeast, Deep South
""")

DEMONYMS = _words("""
Afghan Afghans African Africans African-American African-Americans Albanian Albanians Algerian Algerians American Americans Angolan Arab Arabs Arabic Argentine Argentinian Armenian Armenians Asian Asians Asian-American Australian
Australians Austrian Austrians Azerbaijani Bahraini Bangladeshi Bangladeshis Basque Belarusian Belgian Belgians Bengali Bolivarian Bolivian Bolivians Bosnian Bosnians Brazilian Brazilians British Briton Britons Bulgarian Burmese Burundian
Cambodian Cameroonian Canadian Canadians Catalan Catalans Caucasian Chadian Chechen Chechens Chilean Chileans Chinese Colombian Colombians Congolese Creole Croatian Croats Cuban Cubans Cuban-American Cypriot Czech Czechs Dane Danes Danish Dutch
Ecuadorian Egyptian Egyptians Emirati English Eritrean Estonian Estonians Ethiopian Ethiopians European Europeans Fijian Filipino Filipinos Finn Finnish Finns Flemish French Gabonese Gambian Georgian Georgians German Germans Ghanaian Greek Greeks
Guatemalan Guinean Haitian Haitians Hispanic Hispanics Honduran Hungarian Hungarians Icelandic Indian Indians Indonesian Indonesians Iranian Iranians Iraqi Iraqis Irish Israeli Israelis Italian Italians Ivorian Jamaican Japanese Jordanian Jordanians
Kashmiri Kazakh Kazakhs Kenyan Kenyans Korean Koreans Kosovar Kurd Kurdish Kurds Kuwaiti Kyrgyz Lao Laotian Latin Latino Latinos Latvian Latvians Lebanese Liberian Libyan Libyans Lithuanian Lithuanians Macedonian Malawian Malaysian Malaysians Malian
Maltese Maori Mexican Mexicans Mexican-American Moldovan Mongolian Montenegrin Moroccan Moroccans Mozambican Namibian Nepalese Nepali Nicaraguan Nigerian Nigerians Nigerien Nordic Norwegian Norwegians Omani Pakistani Pakistanis Palestinian Palestinians
Panamanian Paraguayan Pashtun Persian Peruvian Peruvians Pole Poles Polish Portuguese Punjabi Qatari Roma Romanian Romanians Russian Russians Rwandan Rwandans Salvadoran Saudi Saudis Scandinavian Scots Scottish Senegalese Serb Serbian Serbs Siberian Sikh
Singaporean Slav Slavic Slovak Slovaks Slovene Slovenian Somali Somalis Soviet Soviets Spaniard Spaniards Spanish Sudanese Swede Swedes Swedish Swiss Syrian Syrians Taiwanese Tajik Tamil Tamils Tanzanian Tatar Tatars Thai Thais Tibetan Tibetans Togolese Tunisian
Tunisians Turk Turkic Turkish Turkmen Turks Tutsi Hutu Ugandan Ugandans Ukrainian Ukrainians Uighur Uighurs Uyghur Uyghurs Uruguayan Uzbek Uzbeks Venezuelan Venezuelans Vietnamese Welsh Western Yazidi Yemeni Yemenis Zambian Zimbabwean Zimbabweans Zulu
Californian Californians Texan Texans Floridian Floridians Parisian Londoners Muscovites Catholic Catholics Christian Christians Muslim Muslims Islamic Islamist Islamists Jewish Jew Jews Hindu Hindus Buddhist Buddhists Sunni Sunnis Shia Shiite Shiites
Orthodox Protestant Protestants Anglican Anglicans Mormon Mormons Evangelical Evangelicals Baptist Republican Republicans Democrat Democrats Democratic Tory Tories Labourite Socialist Socialists Communist Communists Marxist Nazi Nazis Zionist Salafi Houthi Houthis Kremlin-backed
""")

ORGANISATIONS = _lines("""
Kremlin, White House, Pentagon, Congress, Senate, House, House of Representatives, House of Commons, House of Lords, Parliament, Capitol, Downing Street, Duma, State Duma, Federation Council, Knesset, Bundestag, Bundesrat, Lok Sabha, Rajya Sabha, Politburo
Supreme Court, Security Council, General Assembly, National Assembly, Interpol, Europol, Frontex, Eurogroup, Federal Reserve, Fed, Treasury, Cabinet, Elysee, Élysée, Whitehall, Scotland Yard, Secret Service, Coast Guard, National Guard, Marine Corps, Red Cross, Red Crescent, Joint Chiefs of Staff
United Nations, UN, U.N., European Union, EU, E.U., NATO, OPEC, OSCE, WTO, IMF, IAEA, WHO, UNESCO, UNICEF, UNHCR, ASEAN, ECOWAS, African Union, Arab League, World Bank, G7, G20, G8, ICC, ICJ, FBI, F.B.I., CIA, C.I.A., NSA, N.S.A., FSB, GRU, KGB, MI5, MI6, Mossad, SEC, S.E.C., IRS, I.R.S., EPA, E.P.A., FDA, F.D.A., NYPD, LAPD, DEA, ATF
CDC, FEMA, NASA, NAACP, ACLU, AFL-CIO, NRA, GOP, G.O.P., DNC, RNC, BJP, ANC, AKP, PKK, YPG, IRA, FARC, PLO, ISIS, ISIL, IS, Islamic State, Al Qaeda, Al-Qaeda, al-Qaeda, Qaeda, Hamas, Hezbollah, Hizbullah, Taliban, Boko Haram, Al-Shabaab, al-Shabab, Fatah, Wagner, Azov, Muslim Brotherhood, Tea Party, Labour, Likud, Fidesz, Syriza, Podemos
Reuters, Associated Press, AP, AFP, Agence France-Presse, TASS, Tass, Itar-Tass, Interfax, RIA Novosti, RIA, Xinhua, Kyodo, Yonhap, Anadolu, UPI, Bloomberg, BBC, CNN, CBS, NBC, ABC, PBS, NPR, MSNBC, CNBC, Fox News, Fox, Sky News, ITV, ESPN, C-SPAN, HBO, Univision, Telemundo, Al Jazeera, Al-Jazeera, Al Arabiya, Al-Arabiya, RT, Russia Today, Sputnik, Ekho Moskvy
Ekho Moskvyy, Echo of Moscow, Rossiya, Kommersant, Vedomosti, Izvestia, Izvestiya, Meduza, Novaya Gazeta, RBC, Politico, Breitbart, Breitbart News, BuzzFeed, Huffington Post, HuffPost, Vox, Axios, Slate, Salon, Vice, Politifact, PolitiFact, Wikipedia, WikiLeaks, Wikileaks, New York Times, Washington Post, Wall Street Journal, USA Today, Los Angeles Times, Financial Times, The Times
Guardian, Daily Telegraph, Daily Mail, Independent, Economist, Newsweek, Time, Le Monde, Le Figaro, El País, El Pais, Der Spiegel, Die Welt, Bild, Süddeutsche Zeitung, Corriere della Sera, La Repubblica, Haaretz, Jerusalem Post, Times of Israel, The Hill, The Hindu, Dawn, Global Times, People's Daily, Daily Caller, Daily Beast, New Yorker, The Atlantic, Rolling Stone, Esquire, Forbes, Fortune, Vogue
Apple, Google, Microsoft, Facebook, Meta, Twitter, Amazon.com, Netflix, Uber, Airbnb, Tesla, Boeing, Airbus, Lockheed Martin, Raytheon, General Motors, General Electric, Ford, Toyota, Honda, Nissan, Volkswagen, BMW, Daimler, Siemens, Samsung, Sony, Huawei, ZTE, Alibaba, Tencent, Baidu, Gazprom, Rosneft, Lukoil, Sberbank, VTB, Aeroflot, Exxon, ExxonMobil, Chevron, Shell, BP, TotalEnergies
Walmart, Starbucks, McDonald's, Moody's, Fitch, Goldman Sachs, JPMorgan, Morgan Stanley, Citigroup, Citibank, Barclays, HSBC, UBS, Credit Suisse, Deutsche Bank, Wells Fargo, Pfizer, Moderna, AstraZeneca, BioNTech, YouTube, Instagram, TikTok, WhatsApp, Telegram, Snapchat, LinkedIn, Yahoo, Intel, IBM, Cisco, Oracle, Nokia, Ericsson, Nvidia, SpaceX, Greenpeace, Amnesty International
Human Rights Watch, Oxfam, Doctors Without Borders, Médecins Sans Frontières, Save the Children, Transparency International, Freedom House, Planned Parenthood, Black Lives Matter, Harvard, Yale, Princeton, Stanford, MIT, Columbia University, Cambridge, Chatham House, Carnegie, Brookings, Rand, Quinnipiac, Gallup, Ipsos, FIFA, UEFA, IOC, NFL, NBA, MLB, Premier League, Champions League
Homeland Security, State Department, Justice Department, Big Four, Ivy League, Wall Street Journal, Manchester United, Real Madrid, Chelsea, Arsenal, Vatican Radio, Church of England, Voice of America, Radio Free Europe, Deutsche Welle, Sinn Fein, Sinn Féin, Quinnipiac University
""")
